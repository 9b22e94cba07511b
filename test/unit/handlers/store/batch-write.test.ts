import assert from "node:assert/strict";
import { DynamoDBClient, type WriteRequest } from "@aws-sdk/client-dynamodb";
import { batchWrite } from "../../../../handlers/store/batch-write.ts";
import { openChannelTable, type ChannelTable } from "../../../support/channel-table.ts";
import { PassingClock } from "../../../support/passing-clock.ts";

const keyOf = (pk: string, sk: number) => ({ pk: { S: pk }, sk: { S: String(sk) } });
const puts = (pk: string, count: number): WriteRequest[] =>
  Array.from({ length: count }, (_, sk) => ({ PutRequest: { Item: keyOf(pk, sk) } }));

describe("a batch of writes", () => {
  let channels: ChannelTable;
  let requests = 0;
  before(async () => {
    channels = await openChannelTable({
      clock: new PassingClock(Date.now()),
      fault: () => void (requests += 1),
    });
  });
  after(() => channels.close());
  beforeEach(() => {
    requests = 0;
  });

  it("is done whole, whatever its size", async () => {
    for (const [size, expected] of [
      [1, 1],
      [25, 1],
      [26, 2],
      [60, 3],
    ] as const) {
      requests = 0;
      await batchWrite(channels.table, puts(`of ${size}`, size));
      assert.equal(requests, expected);
      assert.equal((await channels.items(`of ${size} `)).length, size);
    }
  });

  it("can delete what is there, and what is not", async () => {
    await batchWrite(channels.table, puts("deleted", 3));
    const keys = [0, 2, 7].map((sk) => keyOf("deleted", sk));
    await batchWrite(
      channels.table,
      keys.map((Key) => ({ DeleteRequest: { Key } })),
    );
    assert.deepEqual(await channels.items("deleted"), ["deleted 1"]);
  });

  it("asks for nothing where it is empty", async () => {
    await batchWrite(channels.table, []);
    assert.equal(requests, 0);
  });
});

describe("a batch that DynamoDB takes in parts", () => {
  let waits: number[];
  let taken: string[][];
  beforeEach(() => {
    [waits, taken] = [[], []];
  });

  /** Returns a table whose DynamoDB takes these numbers of writes of its requests, in turn. */
  function taking(...counts: number[]) {
    const clock = new PassingClock();
    const after = clock.after.bind(clock);
    clock.after = (milliseconds, callback) => {
      waits.push(milliseconds);
      return after(milliseconds, callback);
    };
    const client = new DynamoDBClient({
      region: "us-east-1",
      credentials: { accessKeyId: "AKID", secretAccessKey: "secret" },
      requestHandler: {
        handle({ body }: { body: Uint8Array }) {
          const { RequestItems } = JSON.parse(Buffer.concat([body]).toString()) as {
            RequestItems: Record<string, Put[]>;
          };
          const puts = RequestItems.channels ?? [];
          const count = counts.shift() ?? 25;
          taken.push(puts.slice(0, count).map(({ PutRequest }) => PutRequest.Item.sk.S));
          const left = puts.slice(count);
          const answer = { UnprocessedItems: left.length > 0 ? { channels: left } : {} };
          const sent = Buffer.from(JSON.stringify(answer));
          return Promise.resolve({ response: { statusCode: 200, headers: {}, body: sent } });
        },
      },
    });
    return { name: "channels", client, clock };
  }
  type Put = { PutRequest: { Item: { sk: { S: string } } } };

  it("asks again for what is left, after a wait, and for nothing else", async () => {
    await batchWrite(taking(2, 0, 1), puts("a", 5));
    assert.deepEqual(taken, [["0", "1"], [], ["2"], ["3", "4"]]);
    assert.equal(waits.length, 3);
    assert.ok(
      waits.every((wait, index) => wait <= 50 * 2 ** index),
      waits.join(),
    );
  });

  it("goes on with the next 25 when all are taken", async () => {
    await batchWrite(taking(20), puts("a", 30));
    assert.deepEqual(
      taken.map(({ length }) => length),
      [20, 5, 5],
    );
  });

  it("throws where some are still left after 8 requests", async () => {
    await assert.rejects(batchWrite(taking(1, 0, 0, 0, 0, 0, 0, 0), puts("a", 3)), {
      message: "DynamoDB left 2 of 3 writes undone.",
    });
    assert.equal(taken.length, 8);
    await batchWrite(taking(0, 0, 0, 0, 0, 0, 0), puts("a", 3));
  });
});

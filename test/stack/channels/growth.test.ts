import assert from "node:assert/strict";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { systemClock } from "../../../handlers/aws/clock.ts";
import { findChannel } from "../../../handlers/store/channel.ts";
import { Client } from "../../support/client.ts";
import { startTestStack, type TestStack } from "../../support/test-stack.ts";
import { ask } from "../../support/transcript.ts";

describe("a channel that grows", () => {
  let stack: TestStack;
  let dynamoDb: DynamoDBClient;
  before(async () => {
    stack = await startTestStack({
      config: { "websocket-channels:inlineRecipients": "1" },
      dynamoDb: { probe: { pageItems: 2 } },
    });
    dynamoDb = new DynamoDBClient(stack.dynamoDb);
  });
  after(async () => {
    dynamoDb.destroy();
    await stack.close();
  });

  /** The shards that hold subscriptions. */
  const shards = async () => {
    const items = await stack.items();
    return new Set(items.flatMap((item) => /^channel#news#(\d+) /.exec(item)?.[1] ?? []));
  };

  /** Resolves once a publish has found that the channel has to grow. */
  const grown = async () => {
    const table = { client: dynamoDb, name: String(stack.outputs.tableName), clock: systemClock };
    while ((await findChannel(table, "news")).shards === 1) await new Promise(setImmediate);
  };

  it("loses nobody who was subscribed before a publish began", async function () {
    this.timeout(60_000);
    let begun = 0;
    let joining = true;
    const joined: { client: Client; from: number; heard: string[] }[] = [];

    async function publishOn(): Promise<void> {
      while (joining) {
        const number = String(begun++);
        const answer = await ask(stack.httpUrl, "POST /channels/news/messages", number);
        assert.match(answer, /^20[02] .*"gone":0,"failed":0,"pending":\d/);
      }
    }
    async function connect(): Promise<void> {
      const client = await Client.connect(`${stack.websocketUrl}?channel=news`, ["channels.v1"]);
      joined.push({ client, from: begun, heard: [] });
    }
    async function subscribe(): Promise<void> {
      const client = await Client.connect(stack.websocketUrl, ["channels.v1"]);
      client.send({ action: "subscribe", channel: "news" });
      const heard = await client.until('"type":"subscribed"');
      joined.push({ client, from: begun, heard });
    }

    const publishers = [publishOn(), publishOn()];
    for (let wave = 0; wave < 12; wave++) {
      // A quarter of 18 has more than a page of 2, whatever their ids.
      if (wave === 6) await grown();
      await Promise.all([connect(), subscribe(), connect()]);
    }
    joining = false;
    await Promise.all(publishers);
    await stack.queues.idle();

    for (const { client, from, heard } of joined) {
      client.send({ action: "ping" });
      // Every message whose publish was answered, and whose jobs are done, has been posted, and comes before the pong.
      const frames = [...heard, ...(await client.until('"type":"pong"'))];
      const data = frames.flatMap((frame) => /"data":"(\d+)"/.exec(frame)?.[1] ?? []).map(Number);
      const expected = Array.from({ length: begun - from }, (_, index) => from + index);
      const since = data.filter((number) => number >= from).sort((one, other) => one - other);
      assert.deepEqual(since, expected);
    }
    assert.equal(joined.length, 36);
    assert.ok((await shards()).size >= 2, [...(await shards())].join());
  });
});

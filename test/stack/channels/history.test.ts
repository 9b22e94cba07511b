import assert from "node:assert/strict";
import { DeleteItemCommand, DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { Client } from "../../support/client.ts";
import { startTestStack, type TestStack } from "../../support/test-stack.ts";
import { request } from "../../support/transcript.ts";

/** Publishes `count` messages, the numbers from 1 on, and returns their ids. */
async function publish(stack: TestStack, channel: string, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let number = 1; number <= count; number++) {
    const path = `POST /channels/${channel}/messages`;
    const { id } = (await (await request(stack.httpUrl, path, String(number))).json()) as {
      id: string;
    };
    ids.push(id);
  }
  return ids;
}

/** Subscribes a plain client with `since`; returns the texts that it gets, and whether that was all. */
async function resume(stack: TestStack, channel: string, since: string) {
  const client = await Client.connect(stack.websocketUrl);
  client.send({ action: "subscribe", channel, since });
  const texts = await client.until('"type":"subscribed"');
  const { recovered, last } = JSON.parse(texts.pop() ?? "") as Record<string, unknown>;
  await client.close();
  return { texts, recovered, last };
}

describe("a subscribe with since", () => {
  let stack: TestStack;
  before(async () => {
    stack = await startTestStack();
  });
  after(() => stack.close());

  it("replays in order what came after it", async () => {
    const [one = "", two = "", three = ""] = await publish(stack, "news", 3);
    const last = three;
    const cases: [since: string, texts: string[]][] = [
      [one, ["2", "3"]],
      [two, ["3"]],
      [three, []],
      [one.replace(/1$/, "0"), ["1", "2", "3"]],
    ];
    for (const [since, texts] of cases) {
      assert.deepEqual(await resume(stack, "news", since), { texts, recovered: true, last });
    }
  });

  it("replays nothing and says so where it is no id of the channel's", async () => {
    const [last = ""] = await publish(stack, "sport", 1);
    const epoch = last.slice(0, -2);
    const ids = [
      "other0-1",
      `${epoch}-2`,
      `${epoch}-01`,
      `${epoch}-`,
      epoch,
      "",
      "1",
      "x".repeat(999),
    ];
    for (const since of ids) {
      const nothing = { texts: [], recovered: false, last };
      assert.deepEqual([since, await resume(stack, "sport", since)], [since, nothing]);
    }
    assert.deepEqual(await resume(stack, "unused", last), {
      ...{ texts: [], recovered: false, last: null },
    });
  });

  it("says so where a message in between is no longer kept, and replays the others", async () => {
    const { endpoint, region, credentials } = stack.dynamoDb;
    const table = new DynamoDBClient({ endpoint, region, credentials });
    const TableName = String(stack.outputs.tableName);
    const key = (channel: string, number: number) => ({
      pk: { S: `messages#${channel}` },
      sk: { S: String(number).padStart(16, "0") },
    });
    const [deleted = "", second = "", ...rest] = await publish(stack, "deleted", 4);
    await table.send(new DeleteItemCommand({ TableName, Key: key("deleted", 2) }));
    const last = rest.at(-1);
    assert.deepEqual(await resume(stack, "deleted", deleted), {
      ...{ texts: ["3", "4"], recovered: false, last },
    });
    assert.deepEqual(await resume(stack, "deleted", second), {
      ...{ texts: ["3", "4"], recovered: true, last },
    });

    // Expired: TTL deletes it days later, and until then it is still read.
    const [expired = "", ...later] = await publish(stack, "expired", 3);
    await table.send(
      new UpdateItemCommand({
        TableName,
        Key: key("expired", 3),
        UpdateExpression: "SET expiresAt = :past",
        ExpressionAttributeValues: { ":past": { N: "1" } },
      }),
    );
    assert.deepEqual(await resume(stack, "expired", expired), {
      ...{ texts: ["2"], recovered: false, last: later.at(-1) },
    });
    table.destroy();
  });
});

describe("a channel that keeps no history", () => {
  it("recovers only who has missed nothing", async () => {
    const stack = await startTestStack({ config: { "websocket-channels:historySeconds": "0" } });
    try {
      const [one = "", last = ""] = await publish(stack, "news", 2);
      assert.deepEqual(await resume(stack, "news", one), { texts: [], recovered: false, last });
      assert.deepEqual(await resume(stack, "news", last), { texts: [], recovered: true, last });
    } finally {
      await stack.close();
    }
  });
});

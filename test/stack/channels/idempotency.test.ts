import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { Client } from "../../support/client.ts";
import { startTestStack, type TestStack } from "../../support/test-stack.ts";
import { ask, problem, request, whole } from "../../support/transcript.ts";

describe("an Idempotency-Key", () => {
  let stack: TestStack;
  let failing = false;
  before(async () => {
    stack = await startTestStack({
      faults: {
        // The update that gives a message its number.
        dynamodb: ({ operation, body }) =>
          failing && operation === "UpdateItem" && JSON.stringify(body).includes("epoch")
            ? { type: "InternalServerError" }
            : undefined,
      },
    });
  });
  after(() => stack.close());

  const publish = (channel: string, key: string, body = "hello", contentType = "text/plain") =>
    ask(stack.httpUrl, `POST /channels/${channel}/messages`, body, {
      ...{ "idempotency-key": key, "content-type": contentType },
    });
  const published = (channel: string, number: number, delivered: number) =>
    `200 application/json {"id":"epoch-${number}","channel":"${channel}",` +
    `"delivered":${delivered},"gone":0,${whole}`;

  it("sent 20 times at once publishes once, and has one answer", async () => {
    const client = await Client.connect(`${stack.websocketUrl}?channel=news`);
    const answers = await Promise.all(Array.from({ length: 20 }, () => publish("news", "key")));
    assert.deepEqual(
      answers,
      Array.from(answers, () => published("news", 1, 1)),
    );
    assert.equal(await client.next(), "hello");

    // It is the answer to the first request, though no subscriber is there any more.
    await client.close();
    assert.equal(await publish("news", "key"), published("news", 1, 1));
    assert.equal(await publish("news", "other-key"), published("news", 2, 0));
    assert.deepEqual(client.unread, []);
  });

  it("counts for its channel, however that is named", async () => {
    assert.equal(await publish("test", "key"), published("test", 1, 0));
    assert.equal(
      await ask(stack.httpUrl, "POST /", "hello", { "idempotency-key": "key" }),
      published("test", 1, 0),
    );
    assert.equal(await publish("sport", "key"), published("sport", 1, 0));
  });

  it("cannot come again with another body", async () => {
    const reused = problem(
      422,
      "idempotency-key-reused",
      "This Idempotency-Key came with another request before: take a new key for a new message.",
    );
    assert.equal(await publish("reused", "key", "1"), published("reused", 1, 0));
    assert.equal(await publish("reused", "key", "2"), reused);
    assert.equal(await publish("reused", "key", "1", "application/json"), reused);
    assert.equal(await publish("reused", "key", "1"), published("reused", 1, 0));
  });

  it("has to be 1 to 255 visible ASCII characters", async () => {
    const invalid = problem(
      400,
      "invalid-idempotency-key",
      "An Idempotency-Key is 1 to 255 visible ASCII characters.",
    );
    for (const key of ["", "two words", "ü", "k".repeat(256)]) {
      assert.deepEqual([key, await publish("keys", key)], [key, invalid]);
    }
    for (const key of ["!", '"~"', "k".repeat(255)]) {
      assert.match(await publish("keys", key), /^200 /);
    }
  });

  it("whose first request is still under way answers 409, and when to come again", async () => {
    const client = new DynamoDBClient(stack.dynamoDb);
    const fingerprint = createHash("sha256").update('{"text":"hello","isJson":false}');
    await client.send(
      new PutItemCommand({
        TableName: String(stack.outputs.tableName),
        Item: {
          ...{ pk: { S: "request#slow" }, sk: { S: "key" }, heldBy: { S: "another" } },
          fingerprint: { S: fingerprint.digest("base64") },
          startedAt: { N: String(Date.now()) },
          expiresAt: { N: String(Math.ceil(Date.now() / 1000) + 3_600) },
        },
      }),
    );
    client.destroy();
    const headers = { "idempotency-key": "key" };
    const line = "POST /channels/slow/messages";
    const response = await request(stack.httpUrl, line, "hello", headers);
    assert.deepEqual([response.status, response.headers.get("retry-after")], [409, "2"]);
    const { code } = (await response.json()) as { code: string };
    assert.equal(code, "request-in-progress");
  });

  it("of a request that failed before its message had a number begins anew", async () => {
    failing = true;
    assert.equal(
      await publish("failed", "key"),
      problem(500, "internal", "This failed on our side, and is in the log: try again."),
    );
    failing = false;
    assert.equal(await publish("failed", "key"), published("failed", 1, 0));
    assert.equal(await publish("failed", "key"), published("failed", 1, 0));

    assert.match(await publish("failed", "large", "x".repeat(200_000)), /^413 /);
    assert.equal(await publish("failed", "large"), published("failed", 2, 0));
  });
});

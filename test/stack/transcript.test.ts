import assert from "node:assert/strict";
import { Client } from "../support/client.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";
import { channelItem } from "../support/channel-item.ts";

describe("connect, echo, publish, disconnect", () => {
  let stack: TestStack;
  before(async () => {
    stack = await startTestStack();
  });
  after(() => stack.close());

  it("goes through the whole transcript, and leaves only the channel and its message", async () => {
    const client = await Client.connect(stack.websocketUrl);
    const [connection, channel, ...rest] = await stack.items();
    assert.equal(channel, channelItem("test"));
    assert.equal(rest.length, 1);
    const id = /^channel#test#0 (.{15}=)$/.exec(connection ?? "")?.[1] ?? "";
    assert.deepEqual(rest, [`connection#${id} connection`]);

    assert.equal(await client.ask("hello"), "hello");
    assert.equal(await client.ask('{"action":"dance"}'), '{"action":"dance"}');
    assert.equal(await client.ask({ action: "ping" }), '{"type":"pong"}');

    const response = await fetch(stack.httpUrl, { method: "POST", body: "message" });
    assert.equal(response.status, 200);
    const answer = await response.text();
    assert.match(
      answer,
      /^\{"id":"[a-z0-9]+-1","channel":"test","delivered":1,"gone":0,"failed":0,"pending":0,/,
    );
    assert.equal(await client.next(), "message");

    await client.close();
    // $disconnect runs after the close: its log line says when it has ended.
    while (!stack.logs.some((line) => line.includes('"message":"Disconnected"'))) {
      await new Promise(setImmediate);
    }
    assert.deepEqual(await stack.items(), [channelItem("test"), "messages#test 0000000000000001"]);
    assert.deepEqual(client.unread, []);
  });
});

import assert from "node:assert/strict";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { accounts, bodies } from "./account.ts";

const invalidContents =
  "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF";

describe("a message of a local queue", () => {
  const open = accounts();

  it("may have the queue's size, and not a byte more", async () => {
    const { send, receive } = await open({ maxMessageBytes: 1024 });
    const longest = "ü".repeat(512);
    await send(longest);
    await assert.rejects(send(`${longest}x`), {
      name: "InvalidParameterValue",
      message:
        "One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes.",
    });
    assert.deepEqual(bodies(await receive()), [longest]);
  });

  for (const character of ["\u0000", "\u001f", "\ufffe", "\uffff", "\ud800", "\udc00"]) {
    it(`may not have U+${character.charCodeAt(0).toString(16).padStart(4, "0")}`, async () => {
      const { send, counts } = await open();
      await assert.rejects(send(`a${character}b`), {
        name: "InvalidMessageContents",
        message: invalidContents,
      });
      assert.deepEqual(await counts(), ["0", "0", "0"]);
    });
  }

  it("may have every other character", async () => {
    const { send, receive } = await open();
    const text = "\t\n\r \u007f\ud7ff\ue000\ufffd\u{10000}\u{10ffff}";
    await send(text);
    assert.deepEqual(bodies(await receive()), [text]);
  });

  it("has a text", async () => {
    const { send } = await open();
    await assert.rejects(send(""), {
      name: "MissingParameter",
      message: "The request must contain the parameter MessageBody.",
    });
  });

  it("has no attributes, which it would not come with", async () => {
    const { root, QueueUrl } = await open();
    const MessageAttributes = { kind: { DataType: "String", StringValue: "x" } };
    const command = new SendMessageCommand({ QueueUrl, MessageBody: "x", MessageAttributes });
    await assert.rejects(root.send(command), { name: "UnsupportedOperation" });
  });
});

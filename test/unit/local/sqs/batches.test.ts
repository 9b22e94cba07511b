import assert from "node:assert/strict";
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
} from "@aws-sdk/client-sqs";
import { accounts, bodies, entriesOf, type Account } from "./account.ts";

const handle = "bm8=";
const notValid = `The input receipt handle "${handle}" is not a valid receipt handle.`;

describe("a batch", () => {
  const open = accounts();

  const send = ({ root, QueueUrl }: Account, Entries: SendMessageBatchRequestEntry[]) =>
    root.send(new SendMessageBatchCommand({ QueueUrl, Entries }));

  it("sends up to ten messages, each with its delay", async () => {
    const here = await open();
    const texts = Array.from({ length: 10 }, (_, index) => `message ${index}`);
    const [first, ...others] = entriesOf(...texts);
    assert.ok(first);
    const { Successful = [], Failed } = await send(here, [
      { ...first, DelaySeconds: 9 },
      ...others,
    ]);
    assert.deepEqual(
      Successful.map(({ Id }) => Id),
      [first, ...others].map(({ Id }) => Id),
    );
    assert.equal(Failed, undefined);
    assert.deepEqual(bodies(await here.receive()), texts.slice(1));
    here.clock.advance(9_000);
    assert.deepEqual(bodies(await here.receive()), ["message 0"]);
  });

  it("takes the entries that are in order, and says of each other what is wrong", async () => {
    const here = await open({ maxMessageBytes: 1024 });
    const { Successful = [], Failed } = await send(
      here,
      entriesOf("good", "x".repeat(1025), "\u0000"),
    );
    assert.equal(Successful.length, 1);
    assert.deepEqual(Failed, [
      {
        Id: "1",
        SenderFault: true,
        Code: "InvalidParameterValue",
        Message:
          "One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes.",
      },
      {
        Id: "2",
        SenderFault: true,
        Code: "InvalidMessageContents",
        Message:
          "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF",
      },
    ]);
    assert.deepEqual(bodies(await here.receive()), ["good"]);
  });

  it("may have 1 MiB in all, and not a byte more", async () => {
    const here = await open({ maxMessageBytes: 1_048_576 });
    const half = "x".repeat(524_288);
    await send(here, entriesOf(half, half));
    await assert.rejects(send(here, entriesOf(half, half, "x")), {
      name: "BatchRequestTooLong",
      message: "Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes.",
    });
    assert.deepEqual(await here.counts(), ["2", "0", "0"]);
  });

  for (const [what, entries, error] of [
    ["no entry", [], ["EmptyBatchRequest", "There should be at least one entry in the request."]],
    [
      "eleven entries",
      entriesOf(..."a b c d e f g h i j k".split(" ")),
      [
        "TooManyEntriesInBatchRequest",
        "Maximum number of entries per request are 10. You have sent 11.",
      ],
    ],
    [
      "two entries of one id",
      [...entriesOf("one"), ...entriesOf("two")],
      ["BatchEntryIdsNotDistinct", "Id 0 repeated."],
    ],
    [
      "an id with other characters",
      [{ Id: "a:b", MessageBody: "one" }],
      [
        "InvalidBatchEntryId",
        "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.",
      ],
    ],
  ] as const) {
    it(`is refused whole for ${what}`, async () => {
      const here = await open();
      const [name, message] = error;
      await assert.rejects(send(here, [...entries]), { name, message });
      assert.deepEqual(await here.counts(), ["0", "0", "0"]);
    });
  }

  it("deletes, and says which receipt handle is none", async () => {
    const here = await open();
    await here.send("done");
    const [message] = await here.receive();
    const { Successful, Failed } = await here.root.send(
      new DeleteMessageBatchCommand({
        QueueUrl: here.QueueUrl,
        Entries: [
          { Id: "good", ReceiptHandle: message?.ReceiptHandle },
          { Id: "bad", ReceiptHandle: handle },
        ],
      }),
    );
    assert.deepEqual(Successful, [{ Id: "good" }]);
    assert.deepEqual(Failed, [
      { Id: "bad", SenderFault: true, Code: "ReceiptHandleIsInvalid", Message: notValid },
    ]);
    assert.deepEqual(await here.counts(), ["0", "0", "0"]);
  });

  it("changes visibility timeouts, and says which one it does not take", async () => {
    const here = await open();
    await here.send("again");
    const [message] = await here.receive();
    const ReceiptHandle = message?.ReceiptHandle;
    const { Successful, Failed = [] } = await here.root.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl: here.QueueUrl,
        Entries: [
          { Id: "long", ReceiptHandle, VisibilityTimeout: 43_201 },
          { Id: "none", ReceiptHandle, VisibilityTimeout: 0 },
        ],
      }),
    );
    assert.deepEqual(Successful, [{ Id: "none" }]);
    assert.deepEqual(
      Failed.map(({ Id, Code }) => [Id, Code]),
      [["long", "InvalidParameterValue"]],
    );
    assert.deepEqual(bodies(await here.receive()), ["again"]);
  });
});

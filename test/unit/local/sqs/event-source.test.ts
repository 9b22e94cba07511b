import assert from "node:assert/strict";
import { SendMessageBatchCommand } from "@aws-sdk/client-sqs";
import { arnOf, entriesOf } from "./account.ts";
import { failed, pollers, pollingActions, returned, type Poller } from "./poller.ts";

describe("an event source mapping", () => {
  const start = pollers();

  const sendAll = ({ root, QueueUrl }: Poller, ...texts: string[]) =>
    root.send(new SendMessageBatchCommand({ QueueUrl, Entries: entriesOf(...texts) }));

  it("hands a message over as AWS does, and deletes it when the function has done", async () => {
    const { clock, send, next, sources, counts } = await start();
    const sentAt = String(clock.now());
    const id = await send('{"job":"ü"}');
    const { functionArn, event, records, end } = await next();
    assert.equal(functionArn, "arn:aws:lambda:eu-west-1:000000000000:function:worker");
    assert.deepEqual(event, {
      Records: [
        {
          messageId: id,
          receiptHandle: records[0]?.receiptHandle,
          body: '{"job":"ü"}',
          attributes: {
            SenderId: "arn:aws:iam::000000000000:root",
            SentTimestamp: sentAt,
            ApproximateReceiveCount: "1",
            ApproximateFirstReceiveTimestamp: sentAt,
          },
          messageAttributes: {},
          md5OfBody: "df458913750f25a8359660c8c3d58875",
          eventSource: "aws:sqs",
          eventSourceARN: arnOf("jobs"),
          awsRegion: "eu-west-1",
        },
      ],
    });
    assert.deepEqual(await counts(), ["0", "1", "0"]);
    end(returned(null));
    await sources.idle();
    assert.deepEqual(await counts(), ["0", "0", "0"]);
  });

  it("hands over no more at a time than batch size and concurrency allow", async () => {
    const here = await start({ mapping: { batchSize: 2, maxConcurrency: 2 } });
    await sendAll(here, "a", "b", "c", "d", "e", "f", "g");
    const first = await here.next();
    const second = await here.next();
    assert.deepEqual(
      [first.bodies, second.bodies],
      [
        ["a", "b"],
        ["c", "d"],
      ],
    );
    assert.deepEqual(await here.counts(), ["3", "4", "0"]);
    assert.deepEqual(here.invocations, []);

    first.end(returned(null));
    const third = await here.next();
    assert.deepEqual(third.bodies, ["e", "f"]);
    assert.deepEqual(await here.counts(), ["1", "4", "0"]);
    second.end(returned(null));
    third.end(returned(null));
    const last = await here.next();
    assert.deepEqual(last.bodies, ["g"]);
    last.end(returned(null));
    await here.sources.idle();
    assert.deepEqual(here.invocations, []);
  });

  it("hands over five batches at a time where it has no maximum", async () => {
    const here = await start({ mapping: { batchSize: 1 } });
    await sendAll(here, "a", "b", "c", "d", "e", "f", "g");
    assert.deepEqual(
      here.invocations.map((invocation) => invocation.bodies),
      [["a"], ["b"], ["c"], ["d"], ["e"]],
    );
  });

  it("leaves the whole batch of a function that fails to the visibility timeout", async () => {
    const here = await start();
    await sendAll(here, "a", "b");
    (await here.next()).end(failed);
    here.clock.advance(29_999);
    assert.deepEqual(await here.counts(), ["0", "2", "0"]);
    assert.deepEqual(here.invocations, []);
    here.clock.advance(1);
    const again = await here.next();
    assert.deepEqual(again.bodies, ["a", "b"]);
    again.end(returned(null));
    await here.sources.idle();
  });

  it("waits for a message's delay", async () => {
    const here = await start();
    await here.send("later", 10);
    here.clock.advance(9_999);
    assert.deepEqual(await here.counts(), ["0", "0", "1"]);
    assert.deepEqual(here.invocations, []);
    here.clock.advance(1);
    assert.deepEqual((await here.next()).bodies, ["later"]);
  });

  it("hands over the next batch when the function fails", async () => {
    const here = await start({ mapping: { batchSize: 1, maxConcurrency: 1 } });
    await sendAll(here, "a", "b");
    (await here.next()).end(failed);
    assert.deepEqual((await here.next()).bodies, ["b"]);
  });

  it("receives nothing more once it is closed", async () => {
    const here = await start({ mapping: { maxConcurrency: 2 } });
    await here.send("in hand");
    const { end } = await here.next();
    here.sources.close();
    await here.send("too late");
    end(returned(null));
    assert.deepEqual(await here.counts(), ["1", "1", "0"]);
    assert.deepEqual(here.invocations, []);
  });

  for (const action of pollingActions) {
    it(`does not start where the function's role does not allow ${action}`, async () => {
      const actions = pollingActions.filter((allowed) => allowed !== action);
      await assert.rejects(start({ actions }), {
        name: "StartError",
        message: `Function "worker" cannot work on ${arnOf("jobs")}: its role does not allow ${action}.`,
      });
    });
  }
});

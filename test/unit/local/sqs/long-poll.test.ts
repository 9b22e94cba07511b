import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { accounts, bodies, type Account } from "./account.ts";

describe("a long poll", () => {
  const open = accounts();

  /** Begins a long poll of 20 seconds, and resolves when the service has it. */
  async function poll({ clock, root, QueueUrl }: Account) {
    const after = clock.after.bind(clock);
    const abort = new AbortController();
    const polls = new EventEmitter();
    clock.after = (milliseconds, callback) => {
      const timer = after(milliseconds, callback);
      if (milliseconds !== 20_000) return timer;
      polls.emit("begun");
      return {
        cancel: () => {
          timer.cancel();
          polls.emit("ended");
        },
      };
    };
    const begun = once(polls, "begun");
    const end = once(polls, "ended");
    const command = new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 });
    const received = root.send(command, { abortSignal: abort.signal });
    await begun;
    clock.after = after;
    return { answer: received.then(({ Messages = [] }) => bodies(Messages)), abort, end };
  }

  it("ends with the first message that is sent", async () => {
    const here = await open();
    const { answer } = await poll(here);
    await here.send("now");
    assert.deepEqual(await answer, ["now"]);
  });

  it("ends with the first message that becomes visible", async () => {
    const here = await open();
    await here.send("later", 10);
    const { answer } = await poll(here);
    here.clock.advance(10_000);
    assert.deepEqual(await answer, ["later"]);
  });

  it("ends with the message that becomes visible in its last moment", async () => {
    const here = await open();
    await here.send("just in time", 20);
    const { answer } = await poll(here);
    here.clock.advance(20_000);
    assert.deepEqual(await answer, ["just in time"]);
  });

  it("ends without a message when its time is over", async () => {
    const here = await open();
    const { answer } = await poll(here);
    here.clock.advance(20_000);
    assert.deepEqual(await answer, []);
  });

  it("takes nothing any more when its client has gone", async () => {
    const here = await open();
    const { answer, abort, end } = await poll(here);
    abort.abort();
    await assert.rejects(answer, { name: "AbortError" });
    await end;
    await here.send("for the living");
    assert.deepEqual(bodies(await here.receive()), ["for the living"]);
  });

  it("ends when the service closes", async () => {
    const here = await open();
    const { answer, end } = await poll(here);
    const ended = assert.rejects(answer);
    // The client's second try gets no connection.
    await here.service.close();
    await ended;
    await end;
  });
});

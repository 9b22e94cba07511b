import assert from "node:assert/strict";
import { accounts, arnOf } from "./account.ts";

describe("local SQS", () => {
  const open = accounts();

  it("leaves no timer behind, nor makes one when its service is closed", async () => {
    const { clock, service, send } = await open();
    const timers = new Set<object>();
    const after = clock.after.bind(clock);
    clock.after = (milliseconds, callback) => {
      const timer = after(milliseconds, callback);
      timers.add(timer);
      return {
        cancel: () => {
          timer.cancel();
          timers.delete(timer);
        },
      };
    };
    await send("kept");
    assert.equal(timers.size, 1);
    await service.close();
    assert.equal(timers.size, 0);
    service.queues.get(arnOf("jobs"))?.send({ body: "too late", senderId: "nobody" });
    await Promise.resolve();
    assert.equal(timers.size, 0);
  });
});

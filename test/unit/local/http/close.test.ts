import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { httpFixture } from "./http-fixture.ts";

describe("closing an HTTP API", () => {
  const serve = httpFixture();

  it("cuts off what has no answer yet, and sends none after", async () => {
    const events = new EventEmitter();
    const { url, gateway, clock } = await serve({
      fn: async () => {
        setImmediate(() => events.emit("invoked"));
        await once(events, "release");
        return { outcome: "returned", value: "late" };
      },
    });
    const response = fetch(`${url}/staging/`);
    const refused = assert.rejects(response, TypeError);
    await once(events, "invoked");
    await gateway.close();
    await refused;
    clock.advance(29_000);
    events.emit("release");
  });
});

import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { connect } from "node:net";
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

  it("cuts off what it has refused and has not received to the end", async () => {
    const { port, gateway } = await serve();
    const socket = connect(port, "127.0.0.1");
    const head = `POST /staging/ HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Length: 100000000`;
    socket.write(`${head}\r\n\r\n`);
    await once(socket, "data");
    const closed = once(socket, "close");
    await gateway.close();
    await closed;
  });
});

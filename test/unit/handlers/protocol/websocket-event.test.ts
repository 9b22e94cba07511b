import assert from "node:assert/strict";
import { offeredSubprotocols } from "../../../../handlers/protocol/websocket-event.ts";

describe("the subprotocols of a handshake", () => {
  for (const name of [
    "Sec-WebSocket-Protocol",
    "sec-websocket-protocol",
    "SEC-WEBSOCKET-PROTOCOL",
  ]) {
    it(`are found in ${name}, in the order of the client`, () => {
      const headers = { Host: "a", [name]: "bearer.e30 ,channels.v1,\tother", Origin: "b" };
      assert.deepEqual(offeredSubprotocols(headers), ["bearer.e30", "channels.v1", "other"]);
    });
  }

  it("are compared as they are written: names of subprotocols have a case", () => {
    const headers = { "Sec-WebSocket-Protocol": "Channels.V1" };
    assert.ok(!offeredSubprotocols(headers).includes("channels.v1"));
  });

  it("are none where the handshake offers none", () => {
    assert.deepEqual(offeredSubprotocols(), []);
    assert.deepEqual(offeredSubprotocols({ "Sec-WebSocket-Key": "a", Host: "b" }), []);
  });
});

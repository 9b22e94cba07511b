import assert from "node:assert/strict";
import { Client } from "../../support/client.ts";
import { startTestStack } from "../../support/test-stack.ts";

/** A text that a function logs only if it logs what it was sent. */
const marker = "tell-nobody-4711";

const frames = [
  { action: "publish", channel: `${marker} `, data: marker },
  { action: "publish", channel: "a", data: marker },
  { action: "publish", channel: "a", data: marker + "x".repeat(30_000) },
  { action: "subscribe", channel: "a", since: marker },
  { action: "history", channel: "a", limit: marker },
  { action: marker },
  `{"action":"publish","channel":"a","data":${marker}`,
  marker,
];

const bodies: [contentType: string, body: string][] = [
  ["text/plain", marker],
  ["text/plain", marker + "x".repeat(140_000)],
  ["application/json", `{"${marker}`],
  ["application/json", "[".repeat(2_000) + `"${marker}"` + "]".repeat(2_000)],
];

// When a test stack closes, it searches every line of its log for tokens, signatures and messages.
describe("the logs", () => {
  it("have nothing of what is sent, whether it is done, refused or fails", async () => {
    let fails = false;
    const stack = await startTestStack({
      faults: {
        post: () => 500,
        dynamodb: () => (fails ? { type: "InternalServerError" } : undefined),
      },
    });
    const client = await Client.connect(stack.websocketUrl, ["channels.v1"]);
    for (fails of [false, true]) {
      for (const frame of fails ? frames.slice(0, 2) : frames) await client.ask(frame);
      for (const [contentType, body] of fails ? bodies.slice(0, 1) : bodies) {
        for (const key of ["", marker]) {
          const url = `${stack.httpUrl}channels/a/messages?since=${marker}`;
          const headers = { "content-type": contentType, ...(key && { "idempotency-key": key }) };
          await fetch(url, { method: "POST", body, headers });
        }
      }
    }
    fails = false;
    await client.close();
    await stack.close();
    assert.ok(stack.logs.length > 10);
    for (const line of stack.logs) assert.ok(!line.includes(marker), line);
  });
});

import assert from "node:assert/strict";
import fc from "fast-check";
import { Client } from "../e2e/client.ts";
import { startTestStack } from "../e2e/test-stack.ts";
import type { TestStack } from "../e2e/test-stack.ts";
import { assertConsistent } from "./consistency.ts";
import { channel, id, text } from "./inputs.ts";
import { numRuns } from "./runs.ts";

const visible = fc.stringMatching(/^[\x21-\x7e]([\x20-\x7e]{0,40}[\x21-\x7e])?$/);
const contentType = fc.oneof(
  fc.constantFrom("application/json", "text/plain; charset=utf-8", "application/octet-stream"),
  fc.constantFrom("application/x-www-form-urlencoded", "Application/JSON;x=y"),
  visible,
);
const body = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.json().map((json) => Buffer.from(json)),
  text.map((value) => Buffer.from(value)),
);
const limit = fc.oneof(fc.integer({ min: -1, max: 1001 }).map(String), text);

describe("any request", function () {
  this.timeout(numRuns * 1_000);
  let stack: TestStack;
  let client: Client;
  before(async () => {
    stack = await startTestStack();
    client = await Client.connect(`${stack.websocketUrl}?channel=news&channel=test`);
  });
  after(async () => {
    await assertConsistent(stack);
    await client.close();
    await stack.close();
  });

  /** Asks, and asserts that the answer blames the request at most, and in which form. */
  async function ask(path: string, init: RequestInit = {}): Promise<void> {
    const response = await fetch(stack.httpUrl + path, init);
    const answer = await response.text();
    assert.ok(response.status < 500, `${response.status} ${answer}`);
    if (answer === "") return;
    const said: unknown = JSON.parse(answer);
    assert.ok(typeof said === "object" && said !== null);
    const type = response.headers.get("content-type");
    if (response.status >= 400 && type === "application/problem+json") assert.ok("code" in said);
  }

  it("that publishes", () => {
    const requests = fc.record({
      channel,
      body,
      headers: fc.record(
        { "content-type": contentType, "idempotency-key": fc.oneof(visible, fc.constant("same")) },
        { requiredKeys: ["content-type"] },
      ),
    });
    return fc.assert(
      fc.asyncProperty(requests, ({ channel: name, ...init }) =>
        ask(`channels/${encodeURIComponent(name)}/messages`, { method: "POST", ...init }),
      ),
      { numRuns },
    );
  });

  it("that lists", () => {
    const lists = fc.constantFrom("messages", "connections");
    const query = fc.record({ limit, cursor: text, since: id }, { requiredKeys: [] });
    return fc.assert(
      fc.asyncProperty(channel, lists, query, async (name, list, keys) => {
        const search = new URLSearchParams(keys).toString();
        await ask(`channels/${encodeURIComponent(name)}/${list}?${search}`);
        await ask(`channels?${search}`);
      }),
      { numRuns },
    );
  });

  it("about one connection", () => {
    const methods = fc.constantFrom("GET", "POST", "DELETE");
    return fc.assert(
      fc.asyncProperty(id, methods, body, (one, method, sent) =>
        ask(`connections/${encodeURIComponent(one)}`, {
          method,
          ...(method === "POST" && { body: sent }),
        }),
      ),
      { numRuns },
    );
  });
});

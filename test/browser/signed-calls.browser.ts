import assert from "node:assert/strict";
import { signedHeaders } from "../support/signer.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";
import { inBrowser } from "./browser.ts";

describe("a page that signs its calls", () => {
  let stack: TestStack;
  afterEach(() => stack.close());

  /** What a page gets for a signed publish, with a header more, on a stack that allows these origins. */
  async function publishFromPage(corsOrigins: string, more: Record<string, string> = {}) {
    stack = await startTestStack({ config: { auth: "iam", corsOrigins } });
    const { user: credentials = assert.fail(), description } = stack;
    const url = `${stack.httpUrl}channels/news/messages`;
    const signing = { credentials, region: description.region, method: "POST", body: "signed" };
    const { host, ...headers } = await signedHeaders(url, signing);
    assert.ok(host);
    return inBrowser(`
      const headers = ${JSON.stringify({ ...headers, ...more })};
      const response = await fetch("${url}", { method: "POST", headers, body: "signed" });
      report(response.status);
    `);
  }

  it("publishes from an origin that is allowed", async () => {
    assert.equal(await publishFromPage('["http://*"]'), 200);
  });

  it("is held by its browser at any other origin, and with a header that is not allowed", async () => {
    const failed = "TypeError: Failed to fetch";
    assert.equal(await publishFromPage('["https://example.com"]'), failed);
    await stack.close();
    assert.equal(await publishFromPage('["http://*"]', { "x-other": "1" }), failed);
  });
});

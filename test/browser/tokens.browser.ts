import assert from "node:assert/strict";
import { presignedUrl } from "../support/signer.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";
import { inBrowser } from "./browser.ts";

describe("a page in a browser", () => {
  let stack: TestStack;
  let token: string;
  before(async () => {
    stack = await startTestStack({ config: { auth: "jwt", corsOrigins: '["http://*"]' } });
    token = (await stack.issuer?.sign({ subscribe: ["news"], publish: ["news"] })) ?? assert.fail();
  });
  after(() => stack.close());

  it("connects with its token as a subprotocol, publishes, and gets the message", async () => {
    const result = await inBrowser(`
      const url = "${stack.websocketUrl}?channel=news";
      const socket = new WebSocket(url, ["channels.v1", "bearer.${token}"]);
      socket.onclose = ({ code }) => report("closed with " + code);
      socket.onopen = () => fetch("${stack.httpUrl}channels/news/messages", {
        method: "POST",
        headers: { authorization: "Bearer ${token}" },
        body: "from a page",
      });
      socket.onmessage = ({ data }) => {
        const { type, channel, data: text } = JSON.parse(data);
        report({ protocol: socket.protocol, type, channel, text });
      };
    `);
    const message = { type: "message", channel: "news", text: "from a page" };
    assert.deepEqual(result, { protocol: "channels.v1", ...message });
  });

  it("is not let in without a token", async () => {
    const result = await inBrowser(`
      const socket = new WebSocket("${stack.websocketUrl}?channel=news", "channels.v1");
      socket.onopen = () => report("open");
      socket.onclose = ({ code }) => report("closed with " + code);
    `);
    assert.equal(result, "closed with 1006");
  });

  it("connects to a presigned URL where the stack wants signatures", async () => {
    const signed = await startTestStack({ config: { auth: "iam" } });
    const { user: credentials = assert.fail(), description } = signed;
    const url = await presignedUrl(signed.websocketUrl, {
      credentials,
      region: description.region,
    });
    const result = await inBrowser(`
      const socket = new WebSocket("${url}");
      socket.onopen = () => socket.send("hello");
      socket.onmessage = ({ data }) => report(data);
      socket.onclose = ({ code }) => report("closed with " + code);
    `);
    assert.equal(result, "hello");
    await signed.close();
  });
});

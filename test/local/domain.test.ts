import assert from "node:assert/strict";
import { Client } from "../support/client.ts";
import { startTestStack } from "../support/test-stack.ts";

describe("the local stack of a config with a domain", () => {
  it("answers at addresses of its own, and asks nobody for the zone", async () => {
    const stack = await startTestStack({
      config: {
        domain: "example.com",
        hostedZone: "example.com",
        certificateArn: "arn:aws:acm:us-east-1:000000000000:certificate/1234abcd",
        websocketSubdomain: "sockets",
        httpSubdomain: "publish",
        executeApiEndpoint: "false",
      },
    });
    const { websocketUrl, httpUrl } = stack;
    assert.match(websocketUrl, /^ws:\/\/127\.0\.0\.1:\d+\/staging$/);
    assert.match(httpUrl, /^http:\/\/127\.0\.0\.1:\d+\/staging\/$/);
    const client = await Client.connect(websocketUrl);
    assert.equal((await fetch(httpUrl, { method: "POST", body: "hello" })).status, 200);
    assert.equal(await client.next(), "hello");
    const info = (await (await fetch(httpUrl)).json()) as Record<string, unknown>;
    assert.ok(Object.values(info).includes(websocketUrl));
    await client.close();
    await stack.close();
  });
});

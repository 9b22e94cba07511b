import assert from "node:assert/strict";
import type { Description } from "../../local/graph/description.ts";
import { Client } from "../support/client.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";
import { presignedUrl, signedHeaders } from "../support/signer.ts";

/** Every HTTP route and $connect want a signature. */
function withSignatures(description: Description): Description {
  const authorization = { type: "iam" as const };
  return {
    ...description,
    httpApis: description.httpApis.map((api) => ({
      ...api,
      routes: api.routes.map((route) => ({ ...route, authorization })),
    })),
    webSocketApis: description.webSocketApis.map((api) => ({
      ...api,
      routes: api.routes.map((route) =>
        route.routeKey === "$connect" ? { ...route, authorization } : route,
      ),
    })),
  };
}

describe("the local stack with AWS_IAM", () => {
  let stack: TestStack;
  before(async () => {
    stack = await startTestStack({ adjust: withSignatures });
  });
  after(() => stack.close());

  it("lets its user connect and publish, and nobody else", async () => {
    const { user, description, websocketUrl, httpUrl } = stack;
    assert.ok(user);
    const signing = { credentials: user, region: description.region };
    const url = await presignedUrl(websocketUrl.replace(/^ws/, "http"), signing);
    const client = await Client.connect(url.replace(/^http/, "ws"));
    const publish = { method: "POST", body: "hello" };
    const headers = await signedHeaders(httpUrl, { ...signing, ...publish });
    assert.equal((await fetch(httpUrl, { ...publish, headers })).status, 200);
    assert.equal(await client.next(), "hello");
    await client.close();

    assert.equal((await fetch(httpUrl, publish)).status, 403);
    await assert.rejects(Client.connect(websocketUrl), /Unexpected server response: 403/);
  });
});

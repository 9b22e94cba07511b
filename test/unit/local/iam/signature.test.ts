import assert from "node:assert/strict";
import type { SignedRequest } from "../../../../local/shared/access.ts";
import { callerOf, clock, iam, post, principal, refusal, session, sign } from "./oracle.ts";

const mismatch =
  "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";

describe("signature of a request", () => {
  for (const path of [
    "/",
    "/staging",
    "/staging/",
    "/staging/@connections/abc=",
    "/staging/%40connections/abc%3D",
    "/staging/@connections/a%2Fb%2Bc%3D",
    "/staging/a+b",
    "/staging//double/./dot/../up",
    "/staging/%E4%BD%A0!'()*~",
  ]) {
    it(`is right for the path ${path}`, async () => {
      assert.equal(callerOf(await sign({ path })), principal);
    });
  }

  it("covers the query, in whatever order and form it comes", async () => {
    const request = await sign({
      query: { since: "k3f9-42", "a-b": "x y+z", a: ["2", "10", ""], é: "*(ü)'=&?" },
    });
    assert.ok(iam.authorize(request, post).allowed);
    const changed = { ...request, url: request.url.replace("k3f9-42", "k3f9-43") };
    assert.equal(refusal(changed).reason, "invalid-signature");
  });

  it("covers headers whatever the spaces in them", async () => {
    const request = await sign({ headers: { "x-amz-meta": "  two   words " } });
    assert.ok(iam.authorize(request, post).allowed);
  });

  it("may leave headers out that a proxy adds", async () => {
    const request = await sign();
    const headers = { ...request.headers, "x-forwarded-for": "127.0.0.1" };
    assert.ok(iam.authorize({ ...request, headers }, post).allowed);
  });

  it("is wrong when anything it covers is changed", async () => {
    const request = await sign({ headers: { "x-amz-meta": "a" } });
    const changed: Partial<SignedRequest>[] = [
      { method: "DELETE" },
      { url: "/staging/other" },
      { body: Buffer.from("hallo") },
      { headers: { ...request.headers, host: "localhost" } },
      { headers: { ...request.headers, "x-amz-meta": "b" } },
      { headers: { ...request.headers, "x-amz-meta": undefined } },
    ];
    for (const change of changed) {
      assert.deepEqual(refusal({ ...request, ...change }), {
        reason: "invalid-signature",
        message: mismatch,
      });
    }
  });

  it("is wrong with another secret", async () => {
    const credentials = { ...session, secretAccessKey: iam.root.secretAccessKey };
    assert.deepEqual(refusal(await sign({ credentials })), {
      reason: "invalid-signature",
      message: mismatch,
    });
  });

  it("holds for one service and one region", async () => {
    assert.deepEqual(refusal(await sign({ service: "dynamodb" })), {
      reason: "invalid-signature",
      message: "Credential should be scoped to correct service: 'execute-api'.",
    });
    assert.deepEqual(refusal(await sign({ region: "us-east-1" })), {
      reason: "invalid-signature",
      message: "Credential should be scoped to a valid region.",
    });
  });

  it("has to cover the host", async () => {
    const request = await sign();
    const authorization = String(request.headers.authorization).replace("host;", "");
    const headers = { ...request.headers, authorization };
    assert.match(refusal({ ...request, headers }).message, /'Host'.*must be a 'SignedHeader'/);
  });

  it("is good for five minutes before and after the clock's time", async () => {
    const at = (milliseconds: number) => new Date(clock.now() + milliseconds);
    for (const offset of [-300_000, 300_000]) {
      assert.ok(iam.authorize(await sign({ signingDate: at(offset) }), post).allowed);
    }
    assert.deepEqual(refusal(await sign({ signingDate: at(-301_000) })), {
      reason: "invalid-signature",
      message:
        "Signature expired: 20251231T235459Z is now earlier than 20251231T235500Z (20260101T000000Z - 5 min.)",
    });
    assert.deepEqual(refusal(await sign({ signingDate: at(301_000) })), {
      reason: "invalid-signature",
      message:
        "Signature not yet current: 20260101T000501Z is still later than 20260101T000500Z (20260101T000000Z + 5 min.)",
    });
  });

  it("is of the day that the request is of", async () => {
    const request = await sign();
    const headers = { ...request.headers, "x-amz-date": "20260102T000000Z" };
    assert.match(refusal({ ...request, headers }).message, /^Date in Credential scope does not/);
  });
});

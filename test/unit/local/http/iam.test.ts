import assert from "node:assert/strict";
import { identities } from "../../../../local/iam/identities.ts";
import { ManualClock } from "../../../../local/shared/clock.ts";
import { presignedUrl, signedHeaders, type Signing } from "../../../support/signer.ts";
import { httpFixture, property } from "./http-fixture.ts";

describe("HTTP route with AWS_IAM", () => {
  const serve = httpFixture();
  const region = "eu-west-1";
  const accountId = "123456789012";
  const clock = new ManualClock();
  const iam = identities({ accountId, clock });
  const allow = (...resources: string[]) => ({
    effect: "Allow" as const,
    actions: ["execute-api:Invoke"],
    resources: resources.map((path) => `arn:aws:execute-api:${region}:${accountId}:abc123${path}`),
  });
  const alice = iam.createUser("alice", [allow("/staging/POST/a/*", "/staging/GET/")]);

  const open = async (options: Parameters<typeof serve>[0] = {}) => {
    const { authorize } = iam;
    const { url, invoked } = await serve({ authorization: { type: "iam" }, authorize, ...options });
    const post = async (signing: Partial<Signing> = {}, path = "/staging/a/b") => {
      const signed = { credentials: alice, region, signingDate: new Date(clock.now()) };
      const target = url + path;
      const options = { ...signed, method: "POST", body: "hello", ...signing };
      const headers = await signedHeaders(target, options);
      return fetch(target, { method: "POST", body: "hello", headers });
    };
    return { url, invoked, post };
  };

  it("takes a signed request, and tells the function whose it is", async () => {
    const { post } = await open();
    const response = await post();
    assert.equal(response.status, 200);
    const authorizer = property(await response.json(), "requestContext", "authorizer");
    const userId = property(authorizer, "iam", "userId");
    assert.match(String(userId), /^AIDA/);
    assert.deepEqual(authorizer, {
      iam: {
        accessKey: alice.accessKeyId,
        accountId,
        callerId: userId,
        cognitoIdentity: null,
        principalOrgId: null,
        userArn: `arn:aws:iam::${accountId}:user/alice`,
        userId,
      },
    });
  });

  it("takes a presigned request", async () => {
    const { url } = await open();
    const signed = { credentials: alice, region, signingDate: new Date(clock.now()) };
    const presigned = await presignedUrl(`${url}/staging/?limit=2`, signed);
    assert.equal((await fetch(presigned)).status, 200);
    assert.equal((await fetch(presigned.replace("limit=2", "limit=3"))).status, 403);
  });

  const refused: [string, Partial<Signing>, string?][] = [
    ["is signed with another secret", { credentials: { ...alice, secretAccessKey: "another" } }],
    ["is of an unknown key", { credentials: { ...alice, accessKeyId: "AKIA0000000000000000" } }],
    ["was signed too long ago", { signingDate: new Date(clock.now() - 301_000) }],
    ["is signed for another region", { region: "us-east-1" }],
    ["is signed for another service", { service: "dynamodb" }],
    ["is signed for another method", { method: "PUT" }],
    ["is signed for another body", { body: "hallo" }],
    ["is for a path that the policy does not allow", {}, "/staging/b"],
    ["is for a method that the policy does not allow", {}, "/staging/"],
  ];
  for (const [what, signing, path] of refused) {
    it(`answers 403 where the request ${what}`, async () => {
      const { post, invoked } = await open();
      const response = await post(signing, path);
      assert.deepEqual([response.status, await response.json()], [403, { message: "Forbidden" }]);
      assert.ok(response.headers.has("apigw-requestid"));
      assert.deepEqual(invoked, []);
    });
  }

  it("answers 403 where the request is not signed, or has a token instead", async () => {
    const { url, invoked } = await open();
    for (const headers of [{}, { authorization: "Bearer abc" }] as Record<string, string>[]) {
      const response = await fetch(`${url}/staging/a/b`, { method: "POST", headers });
      assert.deepEqual([response.status, await response.json()], [403, { message: "Forbidden" }]);
    }
    assert.deepEqual(invoked, []);
  });

  it("has CORS headers on its refusals, and answers a preflight without a signature", async () => {
    const { url } = await open({ routes: ["POST /a/b"], cors: { allowOrigins: ["*"] } });
    const headers = { origin: "https://app.test", "access-control-request-method": "POST" };
    const send = (method: string) => fetch(`${url}/staging/a/b`, { method, headers });
    for (const [method, status] of [
      ["OPTIONS", 204],
      ["POST", 403],
    ] as const) {
      const response = await send(method);
      assert.equal(response.status, status);
      assert.equal(response.headers.get("access-control-allow-origin"), "*");
    }
  });
});

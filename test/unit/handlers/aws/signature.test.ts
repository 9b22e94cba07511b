import assert from "node:assert/strict";
import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import fc from "fast-check";
import { sha256, signer } from "../../../../handlers/aws/signature.ts";

const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));
const word = fc.stringMatching(/^[A-Za-z0-9+/=]{16,40}$/);

const requests = fc.record({
  host: fc.oneof(
    hex(10).map((id) => `${id}.execute-api.eu-west-1.amazonaws.com`),
    fc.integer({ min: 1024, max: 65_535 }).map((port) => `127.0.0.1:${port}`),
  ),
  region: fc.constantFrom("us-east-1", "eu-west-1", "ap-northeast-1", "us-gov-west-1"),
  stage: fc.stringMatching(/^[A-Za-z0-9_-]{1,20}$/),
  connectionId: fc.stringMatching(/^[A-Za-z0-9+/_-]{15}=$/),
  body: fc.string({ unit: "grapheme", maxLength: 200 }),
  credentials: fc.record(
    { accessKeyId: hex(20), secretAccessKey: word, sessionToken: word },
    { requiredKeys: ["accessKeyId", "secretAccessKey"] },
  ),
  now: fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2040, 0) }),
});

describe("a signature", () => {
  it("is the one that the SDK makes, for 10,000 generated requests", async function () {
    this.timeout(120_000);
    const property = fc.asyncProperty(requests, async (request) => {
      const { host, region, stage, connectionId, body, credentials, now } = request;
      const path = `/${stage}/@connections/${encodeURIComponent(connectionId)}`;
      const oracle = new SignatureV4({
        service: "execute-api",
        region,
        credentials,
        sha256: Sha256,
      });
      const { headers } = await oracle.sign(
        { method: "POST", protocol: "https:", hostname: host, path, headers: { host }, body },
        { signingDate: new Date(now) },
      );
      assert.deepEqual(signer(host, region, credentials)(path, sha256(body), now), headers);
    });
    await fc.assert(property, { numRuns: 10_000 });
  });

  it("is right for one request after the other, whatever is the same in them", async () => {
    const credentials = { accessKeyId: "AKID", secretAccessKey: "secret", sessionToken: "token" };
    const now = Date.UTC(2026, 10, 22);
    const posts = fc.array(
      fc.record({
        path: fc.constantFrom("/a/@connections/1", "/a/@connections/2", "/a/@connections/%3D3"),
        body: fc.constantFrom("one", "two", ""),
        seconds: fc.constantFrom(0, 1),
      }),
      { minLength: 2, maxLength: 10 },
    );
    const property = fc.asyncProperty(posts, async (all) => {
      const sign = signer("host", "us-east-1", credentials);
      const oracle = new SignatureV4({
        ...{ service: "execute-api", region: "us-east-1", credentials, sha256: Sha256 },
      });
      for (const { path, body, seconds } of all) {
        const at = now + seconds * 1000;
        const { headers } = await oracle.sign(
          {
            method: "POST",
            protocol: "https:",
            hostname: "host",
            path,
            headers: { host: "host" },
            body,
          },
          { signingDate: new Date(at) },
        );
        assert.deepEqual(sign(path, sha256(body), at), headers);
      }
    });
    await fc.assert(property, { numRuns: 200 });
  });

  it("is right again after the second, the day and the hour have changed", async () => {
    const credentials = { accessKeyId: "AKID", secretAccessKey: "secret" };
    const sign = signer("host", "us-east-1", credentials);
    const oracle = new SignatureV4({
      ...{ service: "execute-api", region: "us-east-1", credentials, sha256: Sha256 },
    });
    const start = Date.UTC(2026, 11, 31, 23, 59, 59, 998);
    for (const now of [start, start + 1, start + 2, start + 3_600_000, start + 86_400_000, start]) {
      const request = { method: "POST", protocol: "https:", hostname: "host", path: "/staging/x" };
      const { headers } = await oracle.sign(
        { ...request, headers: { host: "host" }, body: "hello" },
        { signingDate: new Date(now) },
      );
      assert.deepEqual(sign("/staging/x", sha256("hello"), now), headers);
    }
  });
});

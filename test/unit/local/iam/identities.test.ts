import assert from "node:assert/strict";
import {
  callerOf,
  iam,
  post,
  principal,
  query,
  refusal,
  role,
  session,
  sign,
  table,
} from "./oracle.ts";

describe("identities", () => {
  describe("credentials", () => {
    it("are missing without a Signature Version 4 in the Authorization header", () => {
      for (const authorization of [undefined, "Bearer abc", "AWS4-HMAC-SHA256 Credential=a"]) {
        assert.deepEqual(
          refusal({ method: "GET", url: "/", headers: { authorization }, body: Buffer.of() }),
          { reason: "missing-token", message: "Missing Authentication Token" },
        );
      }
    });

    it("are not recognized with another's session token, without theirs, or under an unknown key", async () => {
      const { accessKeyId, secretAccessKey } = session;
      const { sessionToken } = iam.assumeRole(role, "another");
      for (const credentials of [
        { accessKeyId, secretAccessKey },
        { accessKeyId, secretAccessKey, sessionToken },
        { ...iam.root, sessionToken },
        { accessKeyId: "ASIA0000000000000000", secretAccessKey },
      ]) {
        assert.deepEqual(refusal(await sign({ credentials })), {
          reason: "unrecognized-client",
          message: "The security token included in the request is invalid.",
        });
      }
    });

    it("of the account's owner allow everything", async () => {
      const request = await sign({ credentials: iam.root });
      assert.equal(callerOf(request, { ...post, resource: "*" }), "arn:aws:iam::000000000000:root");
    });
  });

  describe("permission", () => {
    it("is denied where no statement allows it", async () => {
      const request = await sign({ service: "dynamodb" });
      assert.deepEqual(refusal(request, { ...query, resource: `${table}/index/channels` }), {
        reason: "access-denied",
        message: `User: ${principal} is not authorized to perform: dynamodb:Query on resource: ${table}/index/channels because no identity-based policy allows the dynamodb:Query action`,
      });
    });

    it("is denied where a statement denies it", async () => {
      const request = await sign({ service: "dynamodb" });
      assert.deepEqual(refusal(request, { ...query, action: "dynamodb:Scan" }), {
        reason: "access-denied",
        message: `User: ${principal} is not authorized to perform: dynamodb:Scan on resource: ${table} with an explicit deny in an identity-based policy`,
      });
    });

    it("is looked at only when the signature is right", async () => {
      const credentials = { ...session, secretAccessKey: "another" };
      const request = await sign({ service: "dynamodb", credentials });
      const denied = { ...query, action: "dynamodb:Scan" };
      assert.equal(refusal(request, denied).reason, "invalid-signature");
    });
  });
});

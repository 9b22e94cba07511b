import assert from "node:assert/strict";
import {
  callerOf,
  clock,
  iam,
  post,
  presign,
  principal,
  refusal,
  session,
  sign,
} from "./oracle.ts";

const day = 86_400;

describe("presigned request", () => {
  const { resource } = post;
  const connect = { ...post, action: "execute-api:Invoke" };
  const statement = { effect: "Allow" as const, actions: [connect.action], resources: [resource] };
  const user = iam.createUser("alice", [statement]);

  it("is the user's whose credentials have signed it", async () => {
    const decision = iam.authorize(await presign({ credentials: user }), connect);
    assert.ok(decision.allowed);
    const { userId, ...caller } = decision.caller;
    const { accessKeyId } = user;
    assert.match(accessKeyId, /^AKIA[0-9A-Z]{16}$/);
    assert.match(userId, /^AIDA[0-9A-Z]{16}$/);
    assert.deepEqual(caller, { arn: "arn:aws:iam::000000000000:user/alice", accessKeyId });
  });

  it("carries the session token of temporary credentials", async () => {
    const request = await presign();
    assert.match(request.url, /[?&]X-Amz-Security-Token=/);
    assert.equal(callerOf(request), principal);
    const url = request.url.replace(/X-Amz-Security-Token=[^&]*&/, "");
    assert.equal(refusal({ ...request, url }).reason, "unrecognized-client");
  });

  it("is of no user whose policy does not allow it", async () => {
    const request = await presign({ credentials: user });
    assert.equal(
      refusal(request, { ...connect, resource: `${resource}x` }).reason,
      "access-denied",
    );
  });

  it("may have other parameters, which its signature covers", async () => {
    const request = await presign({ query: { channel: ["news", "a b+c"], token: "*(ü)" } });
    assert.equal(callerOf(request), principal);
    for (const url of [
      request.url.replace("channel=news", "channel=sport"),
      request.url.replace(/&?channel=news/, ""),
      `${request.url}&channel=sport`,
    ]) {
      assert.equal(refusal({ ...request, url }).reason, "invalid-signature");
    }
  });

  it("is wrong where its own parameters are changed", async () => {
    const request = await presign({ credentials: user, expires: 60 });
    const changed = (from: string | RegExp, to: string) => {
      const url = request.url.replace(from, to);
      assert.notEqual(url, request.url);
      return refusal({ ...request, url }, connect).reason;
    };
    assert.equal(changed("X-Amz-Expires=60", "X-Amz-Expires=61"), "invalid-signature");
    assert.equal(changed(/Signature=./, "Signature=g"), "missing-token");
    assert.equal(changed(/(?<=Signature=)[0-9a-f]{64}/, "0".repeat(64)), "invalid-signature");
    assert.equal(changed("X-Amz-SignedHeaders=host", "X-Amz-SignedHeaders="), "missing-token");
    assert.equal(changed("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256"), "missing-token");
    assert.equal(changed(user.accessKeyId, "AKIA0000000000000000"), "unrecognized-client");
    assert.equal(changed(user.accessKeyId, iam.root.accessKeyId), "invalid-signature");
  });

  it("is good from five minutes before its date until it expires", async () => {
    const at = (seconds: number, expires: number) =>
      presign({ signingDate: new Date(clock.now() + seconds * 1000), expires });
    assert.equal(callerOf(await at(-day, day)), principal);
    assert.equal(callerOf(await at(300, 1)), principal);
    assert.equal(callerOf(await at(-604_800, 604_800)), principal);
    assert.match(refusal(await at(-day - 1, day)).message, /^Signature expired: 20251230T235959Z/);
    assert.match(refusal(await at(-2, 1)).message, /^Signature expired: /);
    assert.match(refusal(await at(301, day)).message, /^Signature not yet current: /);
  });

  it("is good for five minutes where it does not say how long", async () => {
    const at = async (seconds: number) => {
      const request = await presign({ signingDate: new Date(clock.now() - seconds * 1000) });
      return { ...request, url: request.url.replace("&X-Amz-Expires=3600", "") };
    };
    // The signer always writes X-Amz-Expires: without it the signature is wrong, once the time is right.
    assert.match(refusal(await at(300)).message, /^The request signature we calculated does not/);
    assert.match(refusal(await at(301)).message, /^Signature expired: /);
  });

  for (const expires of ["604801", "-1", "1.5", "", "soon"]) {
    it(`is refused where it expires after "${expires}" seconds`, async () => {
      const request = await presign();
      const url = request.url.replace("X-Amz-Expires=3600", `X-Amz-Expires=${expires}`);
      assert.deepEqual(refusal({ ...request, url }), {
        reason: "invalid-signature",
        message: "X-Amz-Expires must be a number of seconds, at most 604800.",
      });
    });
  }

  it("holds for one service and one region", async () => {
    assert.match(refusal(await presign({ service: "dynamodb" })).message, /correct service/);
    assert.match(refusal(await presign({ region: "us-east-1" })).message, /valid region/);
  });

  it("is refused with an Authorization header beside it, even of its own signer", async () => {
    const { url, ...request } = await presign();
    for (const authorization of [
      "Bearer abc",
      String((await sign({ credentials: session })).headers.authorization),
    ]) {
      const headers = { ...request.headers, authorization };
      assert.deepEqual(refusal({ ...request, url, headers }), {
        reason: "invalid-signature",
        message: "Only one of the Authorization header and the query may authenticate a request.",
      });
    }
  });
});

import assert from "node:assert/strict";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { ManualClock } from "../../../../local/shared/clock.ts";
import { audienceIn, startIssuer, withIssuer, type Issuer } from "../../../../local/iam/issuer.ts";

describe("the local stack's issuer", () => {
  const clock = new ManualClock();
  const now = clock.now() / 1000;
  let issuer: Issuer;
  before(async () => {
    issuer = await startIssuer("channels", clock);
  });
  after(() => issuer.close());

  const get = async (url: string) => {
    const response = await fetch(url);
    return {
      status: response.status,
      document: (await response.json()) as Record<string, unknown>,
    };
  };
  const publishedKeys = async () => {
    const { document } = await get(`${issuer.url}/.well-known/openid-configuration`);
    assert.equal(document.issuer, issuer.url);
    return (await get(String(document.jwks_uri))).document.keys as Record<string, unknown>[];
  };

  it("listens on 127.0.0.1 alone", () => {
    assert.match(issuer.url, /^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it("publishes the key of its tokens, and nothing of what is secret", async () => {
    const [key, ...more] = await publishedKeys();
    assert.deepEqual(more, []);
    const { alg, kid } = decodeProtectedHeader(await issuer.sign({}));
    assert.deepEqual([key?.kty, key?.alg, key?.use, key?.kid], ["RSA", alg, "sig", kid]);
    assert.deepEqual(Object.keys(key ?? {}).sort(), ["alg", "e", "kid", "kty", "n", "use"]);
  });

  it("gives tokens for a day, unless the claims say otherwise", async () => {
    const own = { iss: issuer.url, aud: "channels", iat: now, exp: now + 86_400 };
    assert.deepEqual(decodeJwt(await issuer.sign({ admin: true })), { ...own, admin: true });
    assert.deepEqual(decodeJwt(await issuer.sign({ exp: now + 1 })), { ...own, exp: now + 1 });
  });

  it("replaces its key", async () => {
    const [old] = await publishedKeys();
    await issuer.rotate();
    const [key, ...more] = await publishedKeys();
    assert.notEqual(key?.kid, old?.kid);
    assert.deepEqual(more, []);
  });

  it("has nothing else", async () => {
    assert.equal((await get(`${issuer.url}/token`)).status, 404);
  });

  const configOf = (values: Record<string, string>) => ({
    folder: "",
    project: "p",
    stack: "s",
    values,
  });

  it("is wanted only where the config asks for tokens, of its audience or our own", () => {
    for (const values of [{ "p:auth": "none" }, { "p:auth": "iam" }, {}, { "q:auth": "jwt" }]) {
      assert.equal(audienceIn(configOf({ ...values })), undefined);
    }
    for (const audience of ["", "websocket-channels"]) {
      const config = configOf({ "p:auth": "jwt", "p:jwtAudience": audience });
      assert.equal(audienceIn(config), "websocket-channels");
    }
    assert.equal(audienceIn(configOf({ "p:auth": "jwt", "p:jwtAudience": "own" })), "own");
  });

  it("becomes the config's issuer, whatever that had", async () => {
    const config = configOf({ "p:auth": "jwt", "p:jwtIssuer": "https://issuer.example" });
    assert.deepEqual(withIssuer(config, issuer).values, {
      "p:auth": "jwt",
      "p:jwtIssuer": issuer.url,
      "p:jwtAudience": "channels",
    });
    assert.equal(decodeJwt(await issuer.sign({})).aud, "channels");
  });
});

import assert from "node:assert/strict";
import { mock } from "node:test";
import { TokenRefused, tokenVerifier } from "../../../../handlers/auth/token.ts";
import { TestIssuer, makeKey } from "../../../support/test-issuer.ts";

type Answer = { status: number; body?: string };

describe("the issuer of a token", () => {
  let issuer: TestIssuer;
  let verify: ReturnType<typeof tokenVerifier>;
  beforeEach(async () => {
    issuer = await TestIssuer.start();
    verify = tokenVerifier(issuer.url, "channels");
  });
  afterEach(() => issuer.close());

  it("is asked for its keys once, by its configuration", async () => {
    await verify(await issuer.sign());
    await verify(await issuer.sign());
    assert.deepEqual(issuer.asked, ["/.well-known/openid-configuration", "/keys"]);
  });

  it("may have a slash at its end", async () => {
    verify = tokenVerifier(`${issuer.url}/`, "channels");
    await verify(await issuer.sign({ iss: `${issuer.url}/` }));
    assert.deepEqual(issuer.asked, ["/.well-known/openid-configuration", "/keys"]);
  });

  it("may change its key, whose tokens are taken at once", async () => {
    await verify(await issuer.sign());
    issuer.keys = [await makeKey("second")];
    assert.equal((await verify(await issuer.sign())).claims.sub, "alice");
  });

  it("is asked again for a key id that it did not have, once a second", async () => {
    await verify(await issuer.sign());
    const unknown = await issuer.sign({}, await makeKey("unknown"));
    mock.timers.enable({ apis: ["setTimeout"] });
    try {
      const refusedFor = (reason: string) =>
        assert.rejects(verify(unknown), new TokenRefused(reason));
      await refusedFor("KidNotFoundInJwksError");
      await refusedFor("WaitPeriodNotYetEndedJwkError");
      assert.equal(issuer.asked.length, 4);
      issuer.keys.push(await makeKey("second"));
      const rotated = await issuer.sign({}, issuer.keys[1]);
      mock.timers.tick(1_000);
      assert.equal((await verify(rotated)).claims.sub, "alice");
    } finally {
      mock.timers.reset();
    }
  });

  it("may withdraw a key, whose tokens are refused an hour later", async () => {
    const token = await issuer.sign({ exp: Math.floor(Date.now() / 1000) + 7_200 });
    await verify(token);
    issuer.keys = [await makeKey("second")];
    await verify(token);
    mock.timers.enable({ apis: ["Date"], now: Date.now() + 3_600_000 });
    try {
      await assert.rejects(verify(token), new TokenRefused("KidNotFoundInJwksError"));
    } finally {
      mock.timers.reset();
    }
  });

  for (const [what, message, answer] of [
    ["an error", / cannot be fetched\.$/, () => ({ status: 503, body: "" })],
    [
      "a redirect",
      / cannot be fetched\.$/,
      (path: string) => (path === "/elsewhere" ? undefined : { status: 302, body: "" }),
    ],
    ["no JSON", /^http.*openid-configuration is not JSON\.$/, () => ({ body: "<html>" })],
    ["nothing of keys", /openid-configuration has no jwks_uri /, () => ({ body: "{}" })],
    [
      "keys without TLS where it has TLS, and the other way round",
      /openid-configuration has no jwks_uri that begins with http:$/,
      () => ({ body: '{"jwks_uri":"https://issuer.example/keys"}' }),
    ],
    [
      "a key set that is no JSON",
      /^The issuer's key set is not JSON\.$/,
      (path: string) => (path === "/keys" ? { body: "]" } : undefined),
    ],
    [
      "a key set that is none",
      /^The issuer's key set is none\.$/,
      (path: string) => (path === "/keys" ? { body: '{"keys":[{}]}' } : undefined),
    ],
    [
      "a key set that has no end",
      /keys cannot be fetched\.$/,
      (path: string) => (path === "/keys" ? { body: " ".repeat(150_001) } : undefined),
    ],
  ] as const) {
    it(`fails the token, which is not refused, where it answers with ${what}`, async () => {
      issuer.answer = (path, response) => {
        const { status, body }: Answer = { status: 200, ...answer(path) };
        if (body === undefined) return false;
        response.writeHead(status, { location: `${issuer.url}/elsewhere` }).end(body);
        return true;
      };
      const token = await issuer.sign();
      await assert.rejects(verify(token), (error: Error) => {
        assert.ok(!(error instanceof TokenRefused));
        assert.match(error.message, message);
        return true;
      });
      issuer.answer = undefined;
      assert.equal((await verify(token)).claims.sub, "alice", "it does not recover");
    });
  }

  it("fails the token where it does not answer in time", async () => {
    issuer.answer = () => true;
    await assert.rejects(verify(await issuer.sign()), /openid-configuration cannot be fetched\.$/);
  });

  it("fails the token where it cannot be reached", async () => {
    const token = await issuer.sign();
    await issuer.close();
    await assert.rejects(verify(token), /openid-configuration cannot be fetched\.$/);
  });
});

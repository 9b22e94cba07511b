import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import type { JwtAuthorization } from "../../../../local/graph/api-description.ts";
import { close, hostOf } from "../../../../local/shared/listen.ts";
import { audience, tokens, type Tokens } from "../../../support/tokens.ts";
import { httpFixture, property } from "./http-fixture.ts";

describe("HTTP route with a JWT authorizer", () => {
  const serve = httpFixture();
  let given: Tokens;
  let authorization: JwtAuthorization;
  before(async () => {
    given = await tokens();
    const { url: issuer } = given.issuer;
    authorization = { type: "jwt", header: "authorization", issuer, audiences: ["a", audience] };
  });
  after(() => given.issuer.close());

  /** Starts a gateway whose clock is the issuer's, and sends it a request. */
  const open = async (options: Parameters<typeof serve>[0] = {}) => {
    const { url, invoked } = await serve({ authorization, clock: given.clock, ...options });
    const get = async (token?: string, headers: Record<string, string> = {}) => {
      const authorized = token === undefined ? {} : { authorization: token };
      const response = await fetch(`${url}/staging/a`, { headers: { ...headers, ...authorized } });
      const body: unknown = await response.json();
      return { status: response.status, headers: response.headers, body };
    };
    return { url, invoked, get };
  };

  it("takes a token, with or without Bearer before it", async () => {
    const { get } = await open();
    const token = await given.issuer.sign({});
    for (const sent of [token, `Bearer ${token}`, `bearer ${token}`]) {
      assert.equal((await get(sent)).status, 200);
    }
  });

  it("tells the function the claims, each as a text", async () => {
    const { get } = await open();
    const claims = { sub: "alice", subscribe: ["news", "room-*"], publish: [], admin: true };
    const { body } = await get(await given.issuer.sign({ ...claims, level: 7, org: { id: 1 } }));
    assert.deepEqual(property(body, "requestContext", "authorizer"), {
      jwt: {
        claims: {
          iss: given.issuer.url,
          aud: audience,
          iat: String(given.now),
          exp: String(given.now + 86_400),
          sub: "alice",
          subscribe: "[news room-*]",
          publish: "[]",
          admin: "true",
          level: "7",
          org: '{"id":1}',
        },
        scopes: null,
      },
    });
  });

  for (const [what, claims] of [
    ["one of its audiences", { aud: ["x", "a"] }],
    ["the client in place of an audience", { aud: undefined, client_id: audience }],
    ["a time from which it is valid that is over", { nbf: 0 }],
    ["no time of issue", { iat: undefined }],
  ] as const) {
    it(`takes a token with ${what}`, async () => {
      const { get } = await open();
      assert.equal((await get(await given.issuer.sign(claims))).status, 200);
    });
  }

  it("answers 401 with a challenge where there is no token", async () => {
    const { get, invoked } = await open();
    for (const sent of [undefined, "", "Bearer", "Bearer "]) {
      const { status, headers, body } = await get(sent);
      assert.deepEqual([status, body], [401, { message: "Unauthorized" }]);
      assert.equal(headers.get("www-authenticate"), "Bearer");
      assert.ok(headers.has("apigw-requestid"));
    }
    assert.deepEqual(invoked, []);
  });

  it("answers 401, and says why, where the token", async () => {
    const { get, invoked } = await open();
    for (const [what, token] of Object.entries(given.wrong)) {
      const { status, headers, body } = await get(`Bearer ${token}`);
      assert.deepEqual([what, status, body], [what, 401, { message: "Unauthorized" }]);
      assert.match(
        headers.get("www-authenticate") ?? "",
        /^Bearer scope="" error="invalid_token" error_description="the token [^"]+"$/,
        what,
      );
    }
    assert.deepEqual(invoked, []);
  });

  it("says what AWS says where the audience is wrong", async () => {
    const { get } = await open();
    const { headers } = await get(given.wrong["is for another audience"]);
    assert.equal(
      headers.get("www-authenticate"),
      'Bearer scope="" error="invalid_token" error_description="the token does not have a valid audience"',
    );
  });

  it("takes a token until it expires", async () => {
    const { get } = await open();
    const token = await given.issuer.sign({ exp: given.now + 1 });
    assert.equal((await get(token)).status, 200);
    given.clock.advance(1000);
    assert.equal((await get(token)).status, 401);
  });

  it("takes a token of the issuer's new key at once, and then none of its old one", async () => {
    const { get } = await open();
    const old = await given.issuer.sign({});
    assert.equal((await get(old)).status, 200);
    await given.issuer.rotate();
    assert.equal((await get(await given.issuer.sign({}))).status, 200);
    assert.equal((await get(old)).status, 401);
  });

  it("answers 401 where the issuer cannot be reached, and takes tokens once it can", async () => {
    let down = true;
    const { issuer, closeIssuer } = await otherIssuer(() =>
      down ? undefined : { jwks_uri: `${given.issuer.url}/jwks.json` },
    );
    const { get, invoked } = await open({ authorization: { ...authorization, issuer } });
    const token = await given.issuer.sign({ iss: issuer });
    assert.equal((await get(token)).status, 401);
    assert.deepEqual(invoked, []);
    down = false;
    assert.equal((await get(token)).status, 200);
    await closeIssuer();
  });

  it("takes only RSA, and only tokens that name their key, whatever the issuer publishes", async () => {
    const published: object[] = [];
    const { issuer, closeIssuer } = await otherIssuer((path) =>
      path === "/jwks" ? { keys: published } : { jwks_uri: `${issuer}/jwks` },
    );
    const { get } = await open({ authorization: { ...authorization, issuer } });
    const statuses: Record<string, number> = {};
    for (const alg of ["RS512", "ES256", "PS256"]) {
      const { privateKey, publicKey } = await generateKeyPair(alg);
      published.push({ ...(await exportJWK(publicKey)), kid: alg, alg });
      for (const [name, header] of Object.entries({ [alg]: { alg, kid: alg }, none: { alg } })) {
        const claims = { iss: issuer, aud: audience, exp: given.now + 60 };
        const token = await new SignJWT(claims).setProtectedHeader(header).sign(privateKey);
        statuses[`${alg} ${name}`] = (await get(token)).status;
      }
    }
    assert.deepEqual(statuses, {
      "RS512 RS512": 200,
      "RS512 none": 401,
      "ES256 ES256": 401,
      "ES256 none": 401,
      "PS256 PS256": 401,
      "PS256 none": 401,
    });
    await closeIssuer();
  });

  it("answers a preflight without a token, and has CORS headers on its refusals", async () => {
    const cors = { allowOrigins: ["https://app.test"], allowHeaders: ["authorization"] };
    const { url, get } = await open({ routes: ["GET /a"], cors });
    const origin = "https://app.test";
    const preflight = await fetch(`${url}/staging/a`, {
      method: "OPTIONS",
      headers: { origin, "access-control-request-method": "GET" },
    });
    assert.equal(preflight.status, 204);
    const { status, headers } = await get(undefined, { origin });
    assert.equal(status, 401);
    assert.equal(headers.get("access-control-allow-origin"), origin);
  });
});

/** Starts an issuer with these documents, by path; it resets the connection for any other path. */
async function otherIssuer(documentOf: (path: string) => object | undefined) {
  const server = createServer(({ url = "" }, response) => {
    const document = documentOf(url);
    if (document === undefined) response.destroy();
    else response.end(JSON.stringify(document));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { issuer: `http://${hostOf(server)}`, closeIssuer: () => close(server) };
}

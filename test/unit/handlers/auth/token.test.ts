import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { exportSPKI, importJWK } from "jose";
import { TokenRefused, tokenVerifier } from "../../../../handlers/auth/token.ts";
import { TestIssuer, makeKey } from "../../../support/test-issuer.ts";

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

describe("a token", () => {
  let issuer: TestIssuer;
  let verify: ReturnType<typeof tokenVerifier>;
  const now = Math.floor(Date.now() / 1000);
  // Longer than all tests take.
  const day = 86_400;
  beforeEach(async () => {
    issuer = await TestIssuer.start();
    verify = tokenVerifier(issuer.url, "channels");
  });
  afterEach(() => issuer.close());

  /** Returns a token of these parts, with a signature that `sign` makes. */
  async function forged(header: object, sign: (input: string) => string): Promise<string> {
    const [, payload] = (await issuer.sign()).split(".");
    const input = `${encode({ kid: "first", ...header })}.${payload ?? ""}`;
    return `${input}.${sign(input)}`;
  }

  async function publicKeyPem(): Promise<string> {
    const key = await importJWK(issuer.keys[0]?.publicJwk ?? {}, "RS256", { extractable: true });
    assert.ok(!(key instanceof Uint8Array));
    return exportSPKI(key);
  }

  it("in order gives its claims and its end", async () => {
    const token = await issuer.sign({ exp: now + day + 0.5, subscribe: ["news"] });
    const { claims, expiresAt } = await verify(token);
    assert.deepEqual([claims.sub, claims.subscribe, expiresAt], ["alice", ["news"], now + day]);
  });

  for (const [what, claims] of [
    ["the audience among others", { aud: ["other", "channels"] }],
    ["the audience as client_id, where there is no aud", { aud: undefined, client_id: "channels" }],
    ["a time before which it is not valid, which has passed", { nbf: now - 60, iat: now - 60 }],
  ] as const) {
    it(`with ${what} is taken`, async () => {
      assert.equal((await verify(await issuer.sign(claims))).claims.sub, "alice");
    });
  }

  for (const alg of ["RS384", "RS512"]) {
    it(`signed with ${alg} is taken`, async () => {
      issuer.keys = [await makeKey("first", alg)];
      assert.equal((await verify(await issuer.sign())).claims.sub, "alice");
    });
  }

  const refused: [what: string, reason: string, token: () => Promise<string>][] = [
    ["that is empty", "JwtParseError", () => Promise.resolve("")],
    ["that is no JWT", "JwtParseError", () => Promise.resolve("secret.secret.secret")],
    [
      "with a wrong signature",
      "JwtInvalidSignatureError",
      async () => issuer.sign({}, await makeKey("first")),
    ],
    ["that has expired", "JwtExpiredError", () => issuer.sign({ exp: now - 10 })],
    ["that never expires", "JwtExpiredError", () => issuer.sign({ exp: undefined })],
    ["that is not valid yet", "JwtNotBeforeError", () => issuer.sign({ nbf: now + day })],
    ["that is issued later", "JwtNotBeforeError", () => issuer.sign({ iat: now + day })],
    ["for another audience", "JwtInvalidAudienceError", () => issuer.sign({ aud: "other" })],
    ["for no audience", "JwtInvalidAudienceError", () => issuer.sign({ aud: undefined })],
    [
      "for another audience, whatever its client_id",
      "JwtInvalidAudienceError",
      () => issuer.sign({ aud: "other", client_id: "channels" }),
    ],
    [
      "of another issuer",
      "JwtInvalidIssuerError",
      () => issuer.sign({ iss: "https://other.example" }),
    ],
    ["of no issuer", "JwtInvalidIssuerError", () => issuer.sign({ iss: undefined })],
    [
      "with alg none",
      "JwtInvalidSignatureAlgorithmError",
      () => forged({ alg: "none" }, () => "none"),
    ],
    [
      "with HS256 by the public key",
      "JwtInvalidSignatureAlgorithmError",
      async () => {
        const pem = await publicKeyPem();
        return forged({ alg: "HS256" }, (input) =>
          createHmac("sha256", pem).update(input).digest("base64url"),
        );
      },
    ],
    ["without an alg", "JwtInvalidSignatureAlgorithmError", () => forged({}, () => "none")],
    [
      "whose key id the issuer does not have",
      "KidNotFoundInJwksError",
      async () => issuer.sign({}, await makeKey("other")),
    ],
    [
      "without a key id",
      "JwtWithoutValidKidError",
      () => forged({ alg: "RS256", kid: undefined }, () => "none"),
    ],
    ...["ES256", "Ed25519"].map((alg): (typeof refused)[number] => [
      `with ${alg}, though the issuer has such a key`,
      "JwtInvalidSignatureAlgorithmError",
      async () => {
        issuer.keys = [await makeKey("first", alg)];
        return issuer.sign();
      },
    ]),
    [
      "with RS256 by a key that is none of RSA",
      "KidNotFoundInJwksError",
      async () => {
        const token = await issuer.sign();
        issuer.keys = [await makeKey("first", "Ed25519")];
        return token;
      },
    ],
  ];
  for (const [what, reason, token] of refused) {
    it(`${what} is refused, for a reason without anything of it`, async () => {
      await assert.rejects(verify(await token()), new TokenRefused(reason));
    });
  }
});

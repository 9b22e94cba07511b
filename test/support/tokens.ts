import { createHmac, createPublicKey } from "node:crypto";
import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  SignJWT,
  UnsecuredJWT,
  type JWTPayload,
} from "jose";
import { ManualClock } from "../../local/shared/clock.ts";
import { startIssuer, type Issuer } from "../../local/iam/issuer.ts";

export const audience = "websocket-channels";

/** Tokens of an issuer that runs for the test, valid and invalid ones. */
export type Tokens = {
  issuer: Issuer;
  clock: ManualClock;
  /** Seconds since the epoch. */
  now: number;
  /** Tokens that are refused, by what is wrong with them. */
  wrong: Record<string, string>;
};

export async function tokens(clock = new ManualClock()): Promise<Tokens> {
  const issuer = await startIssuer(audience, clock);
  const now = Math.floor(clock.now() / 1000);
  return { issuer, clock, now, wrong: await wrongTokens(issuer, now) };
}

/** Returns tokens that look like this issuer's and are refused, by what is wrong with them. */
export async function wrongTokens(issuer: Issuer, now: number): Promise<Record<string, string>> {
  const claims: JWTPayload = { iss: issuer.url, aud: audience, iat: now, exp: now + 60 };
  const right = await issuer.sign({});
  const [header = "", payload = "", signature = ""] = right.split(".");
  const [published = {}] = await keysOf(issuer);
  const other = await generateKeyPair("RS256");
  const elliptic = await generateKeyPair("ES256");
  const sign = (alg: string, kid: string | undefined, key = other.privateKey) =>
    new SignJWT(claims).setProtectedHeader({ alg, ...(kid !== undefined && { kid }) }).sign(key);
  const kid = String(published.kid);
  return {
    "is no token": "abc",
    "has two parts": `${header}.${payload}`,
    "has a payload that is not JSON": `${header}.e.${signature}`,
    "has another's claims": `${header}.${encoded({ ...claims, admin: true })}.${signature}`,
    "is signed by another key": await sign("RS256", kid),
    "names no key": await sign("RS256", undefined),
    "names an unknown key": await sign(
      "RS256",
      await calculateJwkThumbprint(await exportJWK(other.publicKey)),
    ),
    "is of ES256": await sign("ES256", kid, elliptic.privateKey),
    "has alg none": new UnsecuredJWT(claims).encode(),
    "has alg none, and the key's id": `${encoded({ alg: "none", kid })}.${payload}.`,
    "is of HS256 with the public key": hmacToken(published, payload),
    "has expired": await issuer.sign({ exp: now }),
    "never expires": await issuer.sign({ exp: undefined }),
    "is not valid yet": await issuer.sign({ nbf: now + 3_600 }),
    "is issued in the future": await issuer.sign({ iat: now + 3_600 }),
    "is for another audience": await issuer.sign({ aud: "another" }),
    "is for no audience": await issuer.sign({ aud: undefined }),
    "is for another audience, though of the client": await issuer.sign({
      aud: "another",
      client_id: audience,
    }),
    "is of another issuer": await issuer.sign({ iss: "https://issuer.example" }),
    "is of no issuer": await issuer.sign({ iss: undefined }),
  };
}

async function keysOf({ url }: Issuer): Promise<Record<string, unknown>[]> {
  const { keys } = (await (await fetch(`${url}/jwks.json`)).json()) as {
    keys: Record<string, unknown>[];
  };
  return keys;
}

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

/** Signs with the public key, which everyone has, as the secret of an HMAC: a known attack. */
function hmacToken(published: Record<string, unknown>, payload: string): string {
  const pem = createPublicKey({ key: published, format: "jwk" }).export({
    type: "spki",
    format: "pem",
  });
  const signed = `${encoded({ alg: "HS256", kid: published.kid })}.${payload}`;
  return `${signed}.${createHmac("sha256", pem).update(signed).digest("base64url")}`;
}

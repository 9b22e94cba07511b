import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from "jose";
import type { Clock } from "../shared/clock.ts";
import type { StackConfig } from "../graph/stack-config.ts";
import { close, hostOf } from "../shared/listen.ts";

/** An issuer of tokens on 127.0.0.1, which takes the place of an identity provider. */
export type Issuer = {
  /** The `iss` of its tokens, under which its `.well-known/openid-configuration` is. */
  url: string;
  /** The `aud` of its tokens. */
  audience: string;
  /** Returns a token for the stack. It is good for a day, unless the claims say otherwise. */
  sign(claims: Record<string, unknown>): Promise<string>;
  /** Replaces the key. The issuer no longer publishes the one before. */
  rotate(): Promise<void>;
  close(): Promise<void>;
};

const algorithm = "RS256";
const daySeconds = 24 * 60 * 60;
const keysPath = "/jwks.json";

/**
 * Returns the audience of the tokens that a config asks for, which is `websocket-channels` if it names
 * none. Returns undefined if the config asks for no tokens.
 */
export function audienceIn({ project, values }: StackConfig): string | undefined {
  if (values[`${project}:auth`] !== "jwt") return undefined;
  const named = values[`${project}:jwtAudience`] ?? "";
  return named === "" ? "websocket-channels" : named;
}

/** Replaces the issuer of a config, whatever it is, so that nothing leaves this machine. */
export function withIssuer(config: StackConfig, { url, audience }: Issuer): StackConfig {
  const { project, values } = config;
  const own = { [`${project}:jwtIssuer`]: url, [`${project}:jwtAudience`]: audience };
  return { ...config, values: { ...values, ...own } };
}

export async function startIssuer(audience: string, clock: Clock): Promise<Issuer> {
  let key = await newKey();
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://${hostOf(server)}`;
  server.on("request", (request, response) => {
    const documents: Record<string, unknown> = {
      "/.well-known/openid-configuration": {
        issuer: url,
        jwks_uri: url + keysPath,
        id_token_signing_alg_values_supported: [algorithm],
      },
      [keysPath]: { keys: [key.published] },
    };
    const document = documents[request.url ?? ""];
    response.setHeader("content-type", "application/json");
    response.writeHead(document === undefined ? 404 : 200).end(JSON.stringify(document ?? {}));
  });

  return {
    url,
    audience,
    sign: (claims) => {
      const now = Math.floor(clock.now() / 1000);
      const own = { iss: url, aud: audience, iat: now, exp: now + daySeconds };
      return new SignJWT({ ...own, ...claims })
        .setProtectedHeader({ alg: algorithm, kid: key.id })
        .sign(key.secret);
    },
    rotate: async () => {
      key = await newKey();
    },
    close: () => close(server),
  };
}

type Key = { id: string; secret: CryptoKey; published: JWK };

async function newKey(): Promise<Key> {
  const { privateKey: secret, publicKey } = await generateKeyPair(algorithm);
  const id = randomUUID();
  const published = { ...(await exportJWK(publicKey)), kid: id, alg: algorithm, use: "sig" };
  return { id, secret, published };
}

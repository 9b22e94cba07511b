import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import { SignJWT, exportJWK, generateKeyPair, type CryptoKey, type JWK } from "jose";
import { close, hostOf } from "../../local/shared/listen.ts";

type Key = { kid: string; alg: string; privateKey: CryptoKey; publicJwk: JWK };

/** An OpenID Connect issuer on this machine, which a test can make misbehave. */
export class TestIssuer {
  /** The paths of the requests so far. */
  readonly asked: string[] = [];
  /** The keys of the key set. */
  keys: Key[] = [];
  /** Answers requests in place of the issuer. */
  answer: ((path: string, response: ServerResponse) => boolean) | undefined;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer(({ url = "" }, response) => {
      this.asked.push(url);
      if (this.answer?.(url, response)) return;
      const document =
        url === "/keys"
          ? { keys: this.keys.map(({ publicJwk }) => publicJwk) }
          : { issuer: this.url, jwks_uri: `${this.url}/keys` };
      response.end(JSON.stringify(document));
    });
  }

  static async start(): Promise<TestIssuer> {
    const issuer = new TestIssuer();
    issuer.#server.listen(0, "127.0.0.1");
    await once(issuer.#server, "listening");
    issuer.keys = [await makeKey("first")];
    return issuer;
  }

  get url(): string {
    return `http://${hostOf(this.#server)}`;
  }

  /** Returns a valid token for the audience "channels" with these claims changed; undefined removes one. */
  sign(claims: Record<string, unknown> = {}, key = this.keys[0]): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const payload = { iss: this.url, aud: "channels", sub: "alice", exp: now + 600, ...claims };
    if (key === undefined) throw new Error("There is no key to sign with.");
    const header = { alg: key.alg, kid: key.kid };
    return new SignJWT(payload).setProtectedHeader(header).sign(key.privateKey);
  }

  close(): Promise<void> {
    return close(this.#server);
  }
}

export async function makeKey(kid: string, alg = "RS256"): Promise<Key> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid } };
}

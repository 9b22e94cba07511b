import { assertIsJwks, type Jwks } from "aws-jwt-verify/jwk";
import { isJsonObject, safeJsonParse, type Json } from "aws-jwt-verify/safe-json-parse";

// What API Gateway gives its own JWT authorizers:
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
const fetchMilliseconds = 1_500;
const maxBytes = 150_000;

/** Where the OpenID configuration of an issuer is. */
export function configurationUrlOf(issuer: string): string {
  return `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
}

/**
 * Fetches the key set that an OpenID configuration names.
 * Throws an Error that says which URL did not answer in time, or not as it should.
 */
export async function fetchKeys(configurationUrl: string): Promise<ArrayBuffer> {
  const configuration = parse(configurationUrl, await fetchBytes(configurationUrl));
  const keysUrl = isJsonObject(configuration) ? configuration.jwks_uri : undefined;
  const { protocol } = new URL(configurationUrl);
  if (typeof keysUrl !== "string" || !keysUrl.startsWith(protocol)) {
    throw new Error(`${configurationUrl} has no jwks_uri that begins with ${protocol}`);
  }
  return fetchBytes(keysUrl);
}

/** The RSA keys of a key set. Throws an Error for what is none. */
export function parseKeys(bytes: ArrayBuffer): Jwks {
  const keys = parse("The issuer's key set", bytes);
  try {
    assertIsJwks(keys);
  } catch (error) {
    throw new Error("The issuer's key set is none.", { cause: error });
  }
  return { keys: keys.keys.filter(({ kty }) => kty === "RSA") };
}

async function fetchBytes(url: string): Promise<ArrayBuffer> {
  try {
    const signal = AbortSignal.timeout(fetchMilliseconds);
    const { ok, status, body } = await fetch(url, { redirect: "error", signal });
    if (!ok || body === null) throw new Error(`It answers ${status}.`);
    return await gather(body);
  } catch (error) {
    throw new Error(`${url} cannot be fetched.`, { cause: error });
  }
}

async function gather(body: AsyncIterable<Uint8Array>): Promise<ArrayBuffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > maxBytes) throw new Error(`Its answer is over ${maxBytes} bytes.`);
  }
  return new Uint8Array(Buffer.concat(chunks)).buffer;
}

function parse(what: string, bytes: ArrayBuffer): Json {
  try {
    return safeJsonParse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new Error(`${what} is not JSON.`, { cause: error });
  }
}

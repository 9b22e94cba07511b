import { createHmac, hash } from "node:crypto";
import { hmac } from "./hmac.ts";

export type Credentials = { accessKeyId: string; secretAccessKey: string; sessionToken?: string };

/** Headers that make a POST to @connections one of ours. */
export type SignedHeaders = Record<string, string>;

const service = "execute-api";
const algorithm = "AWS4-HMAC-SHA256";

/** SHA-256 in hex: of a body, once for all posts of it. */
export function sha256(data: string | Uint8Array): string {
  return hash("sha256", data);
}

/**
 * Signs POSTs to one host with Signature Version 4, as the SDK does and at a fraction of its cost:
 * the key that a day's signatures have in common is made once a day, the times once a second.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signer(host: string, region: string, credentials: Credentials) {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const names = ["host", "x-amz-content-sha256", "x-amz-date"];
  if (sessionToken !== undefined) names.push("x-amz-security-token");
  const signedHeaders = names.join(";");
  const token = sessionToken === undefined ? "" : `x-amz-security-token:${sessionToken}\n`;
  let second = -1;
  let amzDate = "";
  let scope = "";
  let ofDay = hmac(Buffer.alloc(0));
  let beforeHash = "";
  let beforeSignature = "";
  // What a canonical request ends with, which posts of one body have in common for a second.
  let hashed = "";
  let ending = "";
  const hashCanonical = hashOfTwo();

  function setTime(now: number): void {
    second = Math.floor(now / 1000);
    amzDate = new Date(second * 1000).toISOString().replace(/[-:]|\.\d{3}/g, "");
    const day = amzDate.slice(0, 8);
    if (!scope.startsWith(day)) {
      scope = `${day}/${region}/${service}/aws4_request`;
      const bytes = [day, region, service, "aws4_request"].reduce(
        (above, part) => createHmac("sha256", above).update(part).digest(),
        Buffer.from(`AWS4${secretAccessKey}`),
      );
      ofDay = hmac(bytes);
    }
    hashed = "";
    beforeHash = `${algorithm}\n${amzDate}\n${scope}\n`;
    beforeSignature = `${algorithm} Credential=${accessKeyId}/${scope}, SignedHeaders=${signedHeaders}, Signature=`;
  }

  /**
   * `path` is the request's own, percent-encoded as it goes over the wire; `bodyHash` the body's
   * SHA-256 in hex; `now` milliseconds since the epoch.
   */
  return (path: string, bodyHash: string, now: number): SignedHeaders => {
    if (Math.floor(now / 1000) !== second) setTime(now);
    if (bodyHash !== hashed) {
      hashed = bodyHash;
      ending =
        `\n\nhost:${host}\nx-amz-content-sha256:${bodyHash}\nx-amz-date:${amzDate}\n${token}\n` +
        `${signedHeaders}\n${bodyHash}`;
    }
    // Every service but S3 signs the path with its own encoding encoded once more.
    const beginning = `POST\n${encodeURIComponent(path).replaceAll("%2F", "/")}`;
    const signature = ofDay(beforeHash + hashCanonical(beginning, ending));
    const headers: SignedHeaders = {
      host,
      "x-amz-content-sha256": bodyHash,
      "x-amz-date": amzDate,
      authorization: beforeSignature + signature,
    };
    if (sessionToken !== undefined) headers["x-amz-security-token"] = sessionToken;
    return headers;
  };
}

/**
 * Returns what hashes two ASCII texts as one. The second is long and mostly the same as before: where the first is
 * as long as before, too, that alone is written.
 */
function hashOfTwo(): (beginning: string, ending: string) => string {
  let buffer = Buffer.alloc(0);
  let length = 0;
  let written = "";
  return (beginning, ending) => {
    if (beginning.length === length && ending === written) buffer.write(beginning, "latin1");
    else {
      buffer = Buffer.from(beginning + ending, "latin1");
      length = beginning.length;
      written = ending;
    }
    return sha256(buffer);
  };
}

import { createHmac, createSecretKey, hash } from "node:crypto";

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
  // Node makes such an object of any other key at every call, which takes longer than the HMAC.
  let key = createSecretKey(Buffer.alloc(0));
  let beforeHash = "";
  let beforeSignature = "";

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
      key = createSecretKey(bytes);
    }
    beforeHash = `${algorithm}\n${amzDate}\n${scope}\n`;
    beforeSignature = `${algorithm} Credential=${accessKeyId}/${scope}, SignedHeaders=${signedHeaders}, Signature=`;
  }

  /**
   * `path` is the request's own, percent-encoded as it goes over the wire; `bodyHash` the body's
   * SHA-256 in hex; `now` milliseconds since the epoch.
   */
  return (path: string, bodyHash: string, now: number): SignedHeaders => {
    if (Math.floor(now / 1000) !== second) setTime(now);
    const canonicalRequest =
      // Every service but S3 signs the path with its own encoding encoded once more.
      `POST\n${encodeURIComponent(path).replaceAll("%2F", "/")}\n\n` +
      `host:${host}\nx-amz-content-sha256:${bodyHash}\nx-amz-date:${amzDate}\n${token}\n` +
      `${signedHeaders}\n${bodyHash}`;
    const stringToSign = beforeHash + sha256(canonicalRequest);
    const signature = createHmac("sha256", key).update(stringToSign).digest("hex");
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

import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { SignedRequest } from "../shared/access.ts";
import type { Authorization } from "./authorization.ts";
import { canonicalRequest } from "./canonical-request.ts";

/** What a request has to be signed for. */
export type Expectation = {
  service: string;
  /** Undefined takes any region. */
  region: string | undefined;
  /** Milliseconds since the epoch. */
  now: number;
};

// The time of signing may be this far from the service's clock.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
const maxSkewMinutes = 5;

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html
const maxExpiresSeconds = 604_800;

/**
 * Returns what is wrong with a request's signature in AWS's words, or undefined if it is right.
 * `keyOf` returns the signing key of a scope.
 */
export function signatureFlaw(
  request: SignedRequest,
  authorization: Authorization,
  keyOf: (scope: Authorization["scope"]) => Uint8Array,
  expected: Expectation,
): string | undefined {
  const { scope, signedHeaders, signature, amzDate } = authorization;
  if (expected.region !== undefined && scope.region !== expected.region) {
    return "Credential should be scoped to a valid region.";
  }
  if (scope.service !== expected.service) {
    return `Credential should be scoped to correct service: '${expected.service}'.`;
  }
  if (!signedHeaders.includes("host")) {
    return "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.";
  }
  if (scope.date !== amzDate.slice(0, 8)) {
    return `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${scope.date}' != '${amzDate.slice(0, 8)}', from '${amzDate}'.`;
  }
  const staleness = dateFlaw(authorization, expected.now);
  if (staleness !== undefined) return staleness;

  const hash = createHash("sha256").update(canonicalRequest(request, signedHeaders)).digest("hex");
  const stringToSign = [
    "AWS4-HMAC-SHA256",
    amzDate,
    `${scope.date}/${scope.region}/${scope.service}/aws4_request`,
    hash,
  ].join("\n");
  const calculated = createHmac("sha256", keyOf(scope)).update(stringToSign).digest();
  if (timingSafeEqual(calculated, Buffer.from(signature, "hex"))) return undefined;
  return "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";
}

/** Derives the key that signs for one day, region and service. */
export function signingKey(secret: string, { date, region, service }: Authorization["scope"]) {
  return [date, region, service, "aws4_request"].reduce<Uint8Array>(
    (key, data) => createHmac("sha256", key).update(data).digest(),
    Buffer.from(`AWS4${secret}`),
  );
}

function dateFlaw({ amzDate, expires }: Authorization, now: number): string | undefined {
  const time = Date.parse(
    amzDate.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"),
  );
  if (Number.isNaN(time)) return `Date must be in ISO-8601 'basic format'. Got '${amzDate}'.`;
  if (
    expires !== undefined &&
    (!/^\d{1,6}$/.test(expires) || Number(expires) > maxExpiresSeconds)
  ) {
    return `X-Amz-Expires must be a number of seconds, at most ${maxExpiresSeconds}.`;
  }

  const minutes = expires === undefined ? maxSkewMinutes : Number(expires) / 60;
  const earliest = now - minutes * 60_000;
  const latest = now + maxSkewMinutes * 60_000;
  if (time < earliest) {
    return `Signature expired: ${amzDate} is now earlier than ${basic(earliest)} (${basic(now)} - ${minutes} min.)`;
  }
  if (time > latest) {
    return `Signature not yet current: ${amzDate} is still later than ${basic(latest)} (${basic(now)} + ${maxSkewMinutes} min.)`;
  }
  return undefined;
}

/** Formats a time in milliseconds in ISO 8601's basic format, as in `20260101T000000Z`. */
function basic(time: number): string {
  return new Date(time).toISOString().replace(/[-:]|\.\d+/g, "");
}

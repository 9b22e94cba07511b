import type { SignedRequest } from "../shared/access.ts";
import { queryParameters } from "./query-parameters.ts";

/** What a request says of its Signature Version 4. */
export type Authorization = {
  accessKeyId: string;
  /** Credential scope: `<date>/<region>/<service>/aws4_request`. */
  scope: { date: string; region: string; service: string };
  /** Names in lower case. */
  signedHeaders: string[];
  /** Hexadecimal. */
  signature: string;
  /** The time of signing, as in `20260101T000000Z`. */
  amzDate: string;
  /** Undefined for long-term credentials. */
  sessionToken: string | undefined;
  /** Seconds from the time of signing for which a presigned request is valid, as it says itself. */
  expires?: string;
};

type Fields = Partial<Record<"algorithm" | "credential" | "signedHeaders" | "signature", string>>;

const header =
  /^(?<algorithm>[\w-]+) Credential=(?<credential>[^,]+), *SignedHeaders=(?<signedHeaders>[^,]+), *Signature=(?<signature>\w+)$/;
const credentialForm =
  /^(?<accessKeyId>[^/]+)\/(?<date>\d{8})\/(?<region>[^/]+)\/(?<service>[^/]+)\/aws4_request$/;

/** Returns whether a request has both an Authorization header, of any kind, and a signed query. */
export function isAuthorizedTwice({ headers, url }: SignedRequest): boolean {
  return headers.authorization !== undefined && isPresigned(url);
}

/**
 * Reads the Authorization header or, if the request is presigned, the query. Returns undefined if
 * neither is of Signature Version 4.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html
 */
export function parseAuthorization(request: SignedRequest): Authorization | undefined {
  return isPresigned(request.url) ? ofQuery(request.url) : ofHeaders(request.headers);
}

function isPresigned(url: string): boolean {
  return queryParameters(url).some(({ name }) => name === "X-Amz-Signature");
}

function ofHeaders(headers: SignedRequest["headers"]): Authorization | undefined {
  const token = headers["x-amz-security-token"];
  return authorization(header.exec(String(headers.authorization))?.groups ?? {}, {
    amzDate: String(headers["x-amz-date"]),
    sessionToken: token === undefined ? undefined : String(token),
  });
}

function ofQuery(url: string): Authorization | undefined {
  const parameters = new Map(queryParameters(url).map(({ name, value }) => [name, value]));
  const value = (name: string) => parameters.get(`X-Amz-${name}`);
  const expires = value("Expires");
  return authorization(
    {
      algorithm: value("Algorithm") ?? "",
      credential: value("Credential") ?? "",
      signedHeaders: value("SignedHeaders") ?? "",
      signature: value("Signature") ?? "",
    },
    {
      amzDate: value("Date") ?? "",
      sessionToken: value("Security-Token"),
      ...(expires !== undefined && { expires }),
    },
  );
}

function authorization(
  { algorithm, credential = "", signedHeaders, signature = "" }: Fields,
  more: Pick<Authorization, "amzDate" | "sessionToken" | "expires">,
): Authorization | undefined {
  const { accessKeyId, date, region, service } = credentialForm.exec(credential)?.groups ?? {};
  if (!accessKeyId || !date || !region || !service || !signedHeaders) return undefined;
  if (algorithm !== "AWS4-HMAC-SHA256" || !/^[0-9a-f]{64}$/.test(signature)) return undefined;
  const scope = { date, region, service };
  return { accessKeyId, scope, signedHeaders: signedHeaders.split(";"), signature, ...more };
}

import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import type { Credentials } from "../../local/iam/identities.ts";

export type Signing = {
  credentials: Credentials;
  region: string;
  /** Defaults to `execute-api`. */
  service?: string;
  method?: string;
  body?: string;
  signingDate?: Date;
};

/** Returns the headers of a request to this URL, signed as the AWS SDKs do. */
export async function signedHeaders(
  url: string,
  { method = "GET", body = "", ...signing }: Signing,
): Promise<Record<string, string>> {
  const { signer, request, date } = prepared(url, signing);
  const { headers } = await signer.sign({ ...request, method, body }, date);
  return headers;
}

/** Returns the URL with a signature in its query, as a browser needs it; by default valid for an hour. */
export async function presignedUrl(
  url: string,
  { method = "GET", expires = 3600, ...signing }: Signing & { expires?: number },
): Promise<string> {
  const { signer, request, date } = prepared(url, signing);
  const { query = {} } = await signer.presign(
    { ...request, method },
    { ...date, expiresIn: expires },
  );
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) search.set(name, String(value));
  return `${url.split("?", 1).join("")}?${search.toString()}`;
}

function prepared(url: string, { credentials, region, signingDate, service }: Signing) {
  const { protocol, hostname, host, pathname: path, searchParams } = new URL(url);
  return {
    signer: new SignatureV4({
      ...{ credentials, region },
      service: service ?? "execute-api",
      sha256: Sha256,
    }),
    request: {
      ...{ protocol, hostname, path, headers: { host } },
      query: Object.fromEntries(searchParams),
    },
    date: signingDate === undefined ? {} : { signingDate },
  };
}

import { SignatureV4 } from "@smithy/signature-v4";

export type Signing = Pick<
  ConstructorParameters<typeof SignatureV4>[0],
  "region" | "credentials" | "sha256"
>;

/**
 * Returns the URL of a WebSocket API with Signature Version 4 in its query: whoever has it can connect as
 * the signer, for `seconds`. The URL has to have the client's whole query already, since
 * the signature covers it.
 */
export async function presignedUrl(url: URL, signing: Signing, seconds: number): Promise<string> {
  const parameters: Record<string, string[]> = {};
  for (const [name, value] of url.searchParams) (parameters[name] ??= []).push(value);
  const signer = new SignatureV4({ ...signing, service: "execute-api" });
  const { query = {} } = await signer.presign(
    {
      ...{ method: "GET", protocol: url.protocol, hostname: url.hostname },
      ...{ path: url.pathname, query: parameters, headers: { host: url.host } },
    },
    { expiresIn: seconds },
  );
  const search = Object.entries(query).flatMap(([name, values]) =>
    [values ?? []].flat().map((value) => `${name}=${encodeURIComponent(value)}`),
  );
  return `${url.origin}${url.pathname}?${search.join("&")}`;
}

import type { Target } from "./target.ts";

export type ForwardedRequest = {
  method: string;
  /** Path and query within the stage, without a slash at the beginning. */
  path: string;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
};

export type ForwardedResponse = { status: number; headers: Record<string, string>; body: Buffer };

const requestHeaders = ["content-type", "idempotency-key"];
const responseHeaders = ["content-type", "location", "retry-after"];

/**
 * Sends a request on to the stack's HTTP API, with what lets it in. Returns undefined where the path leads
 * out of the API, so that nobody else gets the authorization. Rejects where the API cannot be reached.
 */
export async function forward(
  { httpUrl, access }: Target,
  { method, path, headers, body }: ForwardedRequest,
): Promise<ForwardedResponse | undefined> {
  const url = new URL(httpUrl + path);
  if (!url.href.startsWith(httpUrl)) return undefined;
  const isWithBody = method !== "GET" && method !== "HEAD";
  const sent = requestHeaders.flatMap((name) => {
    const value = headers[name];
    return typeof value === "string" ? [[name, value]] : [];
  });
  const added = await access.headers({ method, url, body });
  const response = await fetch(url, {
    method,
    headers: { ...Object.fromEntries(sent), ...added } as Record<string, string>,
    ...(isWithBody && { body }),
    redirect: "error",
  });
  const returned = responseHeaders.flatMap((name) => {
    const value = response.headers.get(name);
    return value === null ? [] : [[name, value]];
  });
  return {
    status: response.status,
    headers: Object.fromEntries(returned) as Record<string, string>,
    body: Buffer.from(await response.arrayBuffer()),
  };
}

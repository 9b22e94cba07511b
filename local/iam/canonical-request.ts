import { createHash } from "node:crypto";
import type { SignedRequest } from "../shared/access.ts";
import { requestTarget } from "../shared/request-target.ts";
import { queryParameters } from "./query-parameters.ts";

/**
 * Returns the form of a request that Signature Version 4 signs for every service but S3.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function canonicalRequest(request: SignedRequest, signedHeaders: string[]): string {
  return [
    request.method,
    canonicalPath(requestTarget(request.url).path),
    canonicalQuery(request.url),
    ...signedHeaders.map((name) => `${name}:${headerValue(request, name)}`),
    "",
    signedHeaders.join(";"),
    createHash("sha256").update(request.body).digest("hex"),
  ].join("\n");
}

/** Encodes each segment a second time: `%3D` on the request line is signed as `%253D`. */
function canonicalPath(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(encode(segment));
  }
  const end = segments.length > 0 && path.endsWith("/") ? "/" : "";
  return `/${segments.join("/")}${end}`;
}

/** Leaves out the signature that the query of a presigned request has. */
function canonicalQuery(url: string): string {
  return queryParameters(url)
    .filter(({ name }) => name !== "X-Amz-Signature")
    .map(({ name, value }) => ({ name: encode(name), value: encode(value) }))
    .sort((a, b) => order(a.name, b.name) || order(a.value, b.value))
    .map(({ name, value }) => `${name}=${value}`)
    .join("&");
}

function headerValue(request: SignedRequest, name: string): string {
  const value = request.headers[name] ?? "";
  return [value].flat().join(",").replace(/\s+/g, " ").trim();
}

/** Percent-encodes all but the unreserved characters of RFC 3986. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function order(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

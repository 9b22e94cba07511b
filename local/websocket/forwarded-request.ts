import type { IncomingMessage } from "node:http";
import { addedHeaders } from "../gateway/added-headers.ts";
import { requestTarget } from "../shared/request-target.ts";

/**
 * Returns the headers of a handshake as an authorizer gets them: names in the client's case, and the
 * headers that API Gateway adds.
 */
export function upgradeHeaders(request: IncomingMessage, now: number) {
  return headersOf([...received(request), ["content-length", "0"], ...addedHeaders(request, now)]);
}

/** Returns the headers of a handshake as `$connect` gets them: without those of the hop itself. */
export function forwardedHeaders(request: IncomingMessage, now: number) {
  const sent = received(request).filter(([name]) => !/^(connection|upgrade)$/i.test(name));
  return headersOf([...sent, ...addedHeaders(request, now)]);
}

function received({ rawHeaders }: IncomingMessage): [string, string][] {
  return pairs(rawHeaders).filter(
    ([name]) => !/^x-(amzn-trace-id|forwarded-(for|port|proto))$/i.test(name),
  );
}

function headersOf(headers: [string, string][]) {
  return { headers: lastValues(headers), multiValueHeaders: allValues(headers) };
}

/** Returns the decoded parameters of the query. AWS omits both keys if there are none. */
export function forwardedQuery(request: IncomingMessage) {
  const parameters = [...new URLSearchParams(requestTarget(request.url).query)];
  if (parameters.length === 0) return {};
  return {
    queryStringParameters: lastValues(parameters),
    multiValueQueryStringParameters: allValues(parameters),
  };
}

function pairs(rawHeaders: string[]): [string, string][] {
  return rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? ""]] : [],
  );
}

function lastValues(entries: [string, string][]): Record<string, string> {
  return Object.fromEntries(entries);
}

function allValues(entries: [string, string][]): Record<string, string[]> {
  const values = new Map<string, string[]>();
  for (const [name, value] of entries) values.set(name, [...(values.get(name) ?? []), value]);
  return Object.fromEntries(values);
}

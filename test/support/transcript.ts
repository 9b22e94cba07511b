import { STATUS_CODES } from "node:http";
import { Client } from "./client.ts";
import type { TestStack } from "./test-stack.ts";

/**
 * Replaces what differs from run to run by words that do not: an epoch in an id, a time, the id of a
 * connection.
 */
export function normalised(text: string): string {
  return text
    .replace(/"[a-z0-9]{6}-(\d+)"/g, '"epoch-$1"')
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, "TIME")
    .replace(/[\w-]{15}=/g, "CONNECTION");
}

/** What the answer to a publish ends with, normalised, where nothing is left to others. */
export const whole = '"failed":0,"pending":0,"startedAt":"TIME","finishedAt":"TIME"}';

/** Sends one request to the HTTP API, as in `request(stack.httpUrl, "GET /channels?limit=2")`. */
export async function request(
  httpUrl: string,
  line: string,
  body?: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<Response> {
  const [method = "", path = ""] = line.split(" ");
  return fetch(httpUrl + path.slice(1), { method, headers, ...(body !== undefined && { body }) });
}

/** Does the same, and returns the answer as one normalised line: `200 application/json {"channels":[]}`. */
export async function ask(...[httpUrl, ...rest]: Parameters<typeof request>): Promise<string> {
  const response = await request(httpUrl, ...rest);
  const type = response.headers.get("content-type") ?? "";
  return normalised(`${response.status} ${type} ${await response.text()}`).trim();
}

/** Returns what `ask` returns for a Problem. */
export function problem(status: number, code: string, detail: string): string {
  const body = { title: STATUS_CODES[status], status, code, detail };
  return `${status} application/problem+json ${JSON.stringify(body)}`;
}

/** Connects, and returns the client and the id of its connection. */
export async function connectAs(
  stack: TestStack,
  query = "",
  protocols: string[] = [],
): Promise<{ client: Client; id: string }> {
  const others = await connectionIds(stack);
  const client = await Client.connect(stack.websocketUrl + query, protocols);
  const [id = ""] = (await connectionIds(stack)).filter((other) => !others.includes(other));
  return { client, id };
}

/** Returns the ids of the connections that the table has. */
export async function connectionIds(stack: TestStack): Promise<string[]> {
  const items = await stack.items();
  return items.flatMap((item) => /^connection#(.*) connection$/.exec(item)?.[1] ?? []);
}

/** Resolves when $disconnect, which runs after the close of a connection, has ended. */
export async function disconnected({ logs }: TestStack, id: string): Promise<void> {
  const isOfIt = (line: string) => line.includes('"message":"Disconnected"') && line.includes(id);
  while (!logs.some(isOfIt)) await new Promise(setImmediate);
}

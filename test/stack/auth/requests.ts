import assert from "node:assert/strict";
import type { TestStack } from "../../support/test-stack.ts";

/** The claim of a valid token that a request of the HTTP API needs. */
export type Wanted = "nothing" | "subscribe" | "publish" | "presence" | "admin";

const connection = "connections/AAAAAAAAAAAAAAA=";

/** Every request of the HTTP API, the claim that it needs, and its status if that is granted. */
export const requests: [line: string, wanted: Wanted, status: number][] = [
  ["GET ", "nothing", 200],
  ["POST ", "publish", 200],
  // It asks for a grant for each message, and this body has none.
  ["POST messages", "nothing", 400],
  ["GET channels", "admin", 200],
  ["GET channels/test/messages", "subscribe", 200],
  ["POST channels/test/messages", "publish", 200],
  ["GET channels/test/connections", "admin", 200],
  ["GET channels/test/members", "presence", 200],
  [`GET ${connection}`, "admin", 404],
  [`POST ${connection}`, "admin", 404],
  [`DELETE ${connection}`, "admin", 404],
  ["GET openapi.json", "nothing", 200],
  ["GET asyncapi.json", "nothing", 200],
];

/** Returns the status of one of these requests, and its body. */
export async function answerTo(
  { httpUrl }: TestStack,
  line: string,
  headers: (
    url: string,
    request: { method: string; body: string },
  ) => Record<string, string> | Promise<Record<string, string>>,
): Promise<string> {
  const [method = "", path = ""] = line.split(" ");
  const body = method === "POST" ? "a message" : "";
  const url = httpUrl + path;
  const init = { method, headers: await headers(url, { method, body }), ...(body && { body }) };
  const response = await fetch(url, init);
  const text = await response.text();
  return `${response.status} ${response.status === 200 ? "" : text}`.trim();
}

/** Asserts that `act` leaves the table as it was. */
export async function assertUnchanged(stack: TestStack, act: () => Promise<void>): Promise<void> {
  const before = await stack.items();
  await act();
  assert.deepEqual(await stack.items(), before);
}

import type { ServerResponse } from "node:http";
import type { Failure } from "../api.ts";

export function sendJson(response: ServerResponse, value: unknown): void {
  response.setHeader("content-type", "application/json").end(JSON.stringify(value));
}

/** Says why something cannot be done, in a Failure. */
export function fail(response: ServerResponse, status: number, message: string): void {
  response.statusCode = status;
  sendJson(response, { message } satisfies Failure);
}

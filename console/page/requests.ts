import type { Failure, Handshake, HandshakeRequest } from "../api.ts";

/** What the stack's HTTP API answered. */
export type Answer = {
  status: number;
  /** As it came. */
  text: string;
  /** Read from JSON; undefined of anything else. */
  value: Record<string, unknown> | undefined;
  milliseconds: number;
};

/** Asks the console's own server. Rejects with what it says where it cannot. */
export async function ask<T>(path: string, method = "GET", body?: unknown): Promise<T> {
  const response = await fetch(path, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (response.ok) return (await response.json()) as T;
  const { message } = (await response.json()) as Failure;
  throw new Error(message);
}

export function askHandshake(request: HandshakeRequest): Promise<Handshake> {
  return ask("/api/handshake", "POST", request);
}

/** Sends a request to the stack's HTTP API, whose paths begin without a slash. Never rejects. */
export async function callStack(
  method: string,
  path: string,
  body?: { text: string; isJson: boolean },
): Promise<Answer> {
  const start = performance.now();
  const since = () => performance.now() - start;
  try {
    const type = body?.isJson ? "application/json" : "text/plain; charset=utf-8";
    const response = await fetch(`/api/http/${path}`, {
      method,
      ...(body && { body: body.text, headers: { "content-type": type } }),
    });
    const text = await response.text();
    return { status: response.status, text, value: parseRecord(text), milliseconds: since() };
  } catch (error) {
    const text = `The console does not answer: ${String(error)}`;
    return { status: 0, text, value: undefined, milliseconds: since() };
  }
}

/** Returns a JSON object; undefined of any other text. */
export function parseRecord(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isRecord = typeof value === "object" && value !== null && !Array.isArray(value);
    return isRecord ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** Returns what a request came to, in a few words: the reason where it failed. */
export function wordsOf({ status, text, value }: Answer): string {
  const { detail, message } = value ?? {};
  const said = [detail, message].find((one) => typeof one === "string") ?? text;
  return status === 0 ? said : `${status} ${said}`;
}

import assert from "node:assert/strict";
import { Client } from "../../support/client.ts";
import { presignedUrl, signedHeaders } from "../../support/signer.ts";
import { startTestStack, type TestStack } from "../../support/test-stack.ts";

/** A mode of `auth`. */
export type Mode = "none" | "iam" | "jwt";

export const modes: Mode[] = ["none", "iam", "jwt"];

/** A stack, and somebody with the right to use it. */
export type User = {
  stack: TestStack;
  connect(query: string): Promise<Client>;
  /** Sends a request, as in `ask("POST /channels/news/messages", "hello")`. */
  ask(line: string, body?: string, headers?: Record<string, string>): Promise<Response>;
};

/** How somebody says who it is. */
type Way = {
  url: (url: string) => string | Promise<string>;
  protocols: string[];
  headers: (
    url: string,
    request: { method: string; body: string },
  ) => Record<string, string> | Promise<Record<string, string>>;
};

/** Starts a stack; with `jwt` these are the claims of the user's token. */
export async function startAs(
  mode: Mode,
  claims: Record<string, unknown> = { subscribe: ["*"], publish: ["*"], admin: true },
): Promise<User> {
  const stack = await startTestStack({ config: { auth: mode } });
  const way = await wayOf(stack, mode, claims);
  return {
    stack,
    async connect(query) {
      const url = await way.url(stack.websocketUrl + query);
      return Client.connect(url, ["channels.v1", ...way.protocols]);
    },
    async ask(line, body = "", headers = {}) {
      const [method = "", path = ""] = line.split(" ");
      const url = stack.httpUrl + path.slice(1);
      const own = await way.headers(url, { method, body });
      return fetch(url, { method, headers: { ...headers, ...own }, ...(body && { body }) });
    },
  };
}

async function wayOf({ issuer, user, description }: TestStack, mode: Mode, claims: object) {
  const anybody: Way = { url: (url) => url, protocols: [], headers: () => ({}) };
  if (mode === "none") return anybody;
  if (mode === "jwt") {
    const token = await (issuer ?? assert.fail()).sign({ ...claims });
    const headers = () => ({ authorization: `Bearer ${token}` });
    return { ...anybody, protocols: [`bearer.${token}`], headers };
  }
  const signing = { credentials: user ?? assert.fail(), region: description.region };
  const way: Way = {
    ...anybody,
    url: (url) => presignedUrl(url, signing),
    headers: (url, request) => signedHeaders(url, { ...signing, ...request }),
  };
  return way;
}

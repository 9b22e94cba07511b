import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { systemClock } from "../../local/shared/clock.ts";
import { hostOf } from "../../local/shared/listen.ts";
import { requestTarget } from "../../local/shared/request-target.ts";
import { takeRequest } from "../../local/shared/take-request.ts";
import type { StackInfo } from "../api.ts";
import { forward } from "./forward.ts";
import { consoleRefusal } from "./guard.ts";
import { handshake } from "./handshake.ts";
import { answerLocal } from "./local-answers.ts";
import type { LocalPart } from "./local-part.ts";
import { pageFiles } from "./page.ts";
import { fail, sendJson } from "./respond.ts";
import type { Target } from "./target.ts";

/** As much as the HTTP API takes. */
const maxBodyBytes = 10 * 1024 * 1024;

const forwardPrefix = "/api/http/";

/**
 * Serves the console on a server that listens already and that its owner closes. `target` is asked for each
 * request, since a stack may take the place of another.
 */
export function serveConsole(
  server: Server,
  target: () => Target,
  local?: LocalPart,
): { /** `http://127.0.0.1:<port>/`. */ url: string } {
  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    setSafeHeaders(response, target());
    const refusal = consoleRefusal(request);
    if (refusal !== undefined) {
      request.resume();
      fail(response, 403, refusal);
      return;
    }
    const body = await takeRequest(request, response, {
      ...{ maxBytes: maxBodyBytes, clock: systemClock },
      refuse: ({ status }) => {
        response.statusCode = status;
        return "The request is too large.";
      },
    });
    if (body === undefined) return;
    const { method = "" } = request;
    const { path } = requestTarget(request.url);
    if (path.startsWith(forwardPrefix)) return sendOn(request, response, body);
    if (method === "GET" && path === "/api/stack") {
      sendJson(response, infoOf(target(), local !== undefined));
      return;
    }
    if (method === "POST" && path === "/api/handshake") {
      const answer = await handshake(target(), body);
      if ("message" in answer) fail(response, 400, answer.message);
      else sendJson(response, answer);
      return;
    }
    if (local !== undefined && answerLocal(local, { method, path, request, response, body })) {
      return;
    }
    const file = method === "GET" ? (await pageFiles()).get(path) : undefined;
    if (file === undefined) fail(response, 404, `The console has no ${method} ${path}.`);
    else response.setHeader("content-type", file.type).end(file.content);
  }

  async function sendOn(
    { method = "", url = "", headers }: IncomingMessage,
    response: ServerResponse,
    body: Buffer,
  ): Promise<void> {
    const path = url.slice(forwardPrefix.length);
    const answer = await forward(target(), { method, path, headers, body });
    if (answer === undefined) fail(response, 400, "This is not a path of the HTTP API.");
    else response.writeHead(answer.status, answer.headers).end(answer.body);
  }

  server.on("request", (request, response) => {
    serve(request, response).catch((error: unknown) => {
      if (!response.headersSent) fail(response, 502, reasonOf(error));
      else response.destroy();
    });
  });
  return { url: `http://${hostOf(server)}/` };
}

function infoOf({ access, ...stack }: Target, isLocal: boolean): StackInfo {
  const { name, websocketUrl, httpUrl } = stack;
  return { name, websocketUrl, httpUrl, auth: access.auth, isLocal };
}

/** The page takes nothing but its own files, and talks to nobody but this server and the stack's WebSocket API. */
function setSafeHeaders(response: ServerResponse, { websocketUrl }: Target): void {
  const policy = [
    "default-src 'self'",
    `connect-src 'self' ${new URL(websocketUrl).origin}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ];
  response.setHeader("content-security-policy", policy.join("; "));
  response.setHeader("x-content-type-options", "nosniff");
  response.setHeader("referrer-policy", "no-referrer");
  response.setHeader("cache-control", "no-store");
}

/** `fetch` has its reason as a cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}

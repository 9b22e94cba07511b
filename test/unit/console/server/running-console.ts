import { once } from "node:events";
import { request, type IncomingMessage, type OutgoingHttpHeaders } from "node:http";
import { text } from "node:stream/consumers";
import { openAccess } from "../../../../console/server/access.ts";
import type { LocalPart } from "../../../../console/server/local-part.ts";
import { serveConsole } from "../../../../console/server/server.ts";
import type { Target } from "../../../../console/server/target.ts";
import { close, listen } from "../../../../local/shared/listen.ts";

export type Answered = { status: number; headers: IncomingMessage["headers"]; body: string };

export type RunningConsole = {
  port: number;
  /** Sends a request with exactly these headers, as no browser would let a page do. */
  send(
    method: string,
    path: string,
    headers?: OutgoingHttpHeaders,
    body?: string,
  ): Promise<Answered>;
  close(): Promise<void>;
};

export const target: Target = {
  name: "staging",
  websocketUrl: "ws://127.0.0.1:3001/staging",
  httpUrl: "http://127.0.0.1:1/staging/",
  access: openAccess,
};

/** Starts a console on a free port, which looks at a target that is not there unless it is given. */
export async function startConsole(
  changes: Partial<Target> = {},
  local?: LocalPart,
): Promise<RunningConsole> {
  const server = await listen(0, "");
  const { url } = serveConsole(server, () => ({ ...target, ...changes }), local);
  const port = Number(new URL(url).port);
  return {
    port,
    async send(method, path, headers = {}, body = "") {
      const sent = request({ port, host: "127.0.0.1", method, path, headers, agent: false });
      sent.end(body);
      const [response] = (await once(sent, "response")) as [IncomingMessage];
      const status = response.statusCode ?? 0;
      return { status, headers: response.headers, body: await text(response) };
    },
    close: () => close(server),
  };
}

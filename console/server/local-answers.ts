import type { IncomingMessage, ServerResponse } from "node:http";
import { parseJson } from "../../local/shared/aws-json-server.ts";
import { recordOf } from "../../local/shared/record.ts";
import { StartError } from "../../local/shared/start-error.ts";
import type { FaultsInfo } from "../api.ts";
import type { StackEvents } from "./events.ts";
import type { LocalPart } from "./local-part.ts";
import { fail, sendJson } from "./respond.ts";

type Asked = {
  method: string;
  path: string;
  request: IncomingMessage;
  response: ServerResponse;
  body: Buffer;
};

/** Bytes that may wait for a page that does not read; what comes then is left out. */
const maxWaitingBytes = 1024 * 1024;

/** Answers what only a local stack has; returns false for anything else. */
export function answerLocal(
  { events, faults, graph, figures }: LocalPart,
  { method, path, request, response, body }: Asked,
): boolean {
  switch (`${method} ${path}`) {
    case "GET /api/events":
      sendEvents(events, request, response);
      return true;
    case "GET /api/graph":
      sendJson(response, graph());
      return true;
    case "GET /api/figures":
      sendJson(response, figures());
      return true;
    case "GET /api/faults":
      sendFaults(faults, response);
      return true;
    case "PUT /api/faults": {
      const refusal = choose(faults, body);
      if (refusal === undefined) sendFaults(faults, response);
      else fail(response, 400, refusal);
      return true;
    }
    default:
      return false;
  }
}

function sendFaults({ kinds, chosen }: LocalPart["faults"], response: ServerResponse): void {
  sendJson(response, { kinds, chosen: chosen() } satisfies FaultsInfo);
}

/** Returns why faults cannot be chosen so; undefined where they are. */
function choose(faults: LocalPart["faults"], body: Buffer): string | undefined {
  const { chosen } = recordOf(parseJson(body));
  if (!Array.isArray(chosen) || !chosen.every((text) => typeof text === "string")) {
    return 'Faults are chosen by {"chosen":["post:429:10%"]}.';
  }
  try {
    faults.choose(chosen);
    return undefined;
  } catch (error) {
    if (error instanceof StartError) return error.message;
    throw error;
  }
}

/** Sends events as they come, those first that are kept and that the page has not had. */
function sendEvents(events: StackEvents, request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.flushHeaders();
  const last = Number(request.headers["last-event-id"] ?? 0);
  const end = events.follow(last, ({ number, event }) => {
    if (response.writableLength > maxWaitingBytes) return;
    response.write(`id: ${number}\ndata: ${JSON.stringify(event)}\n\n`);
  });
  response.once("close", end);
}

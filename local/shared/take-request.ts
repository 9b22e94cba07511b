import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "./clock.ts";
import { respondEarly } from "./early-response.ts";
import { hostRefusal } from "./loopback.ts";

/** Why a request is not taken: it is for another host, or its body is too large. */
export type NotTaken = { status: 403; message: string } | { status: 413 };

/**
 * Checks the host of a request, and reads its body if this has at most `maxBytes`. Returns undefined
 * if the request has been refused, or if the client has left before its request was complete.
 */
export async function takeRequest(
  request: IncomingMessage,
  response: ServerResponse,
  options: {
    maxBytes: number;
    clock: Clock;
    /** Sets the head of the response to a request that is not taken. Returns its body. */
    refuse: (reason: NotTaken) => string | Buffer;
  },
): Promise<Buffer | undefined> {
  const { maxBytes, clock, refuse } = options;
  const { headers, socket } = request;
  const message = hostRefusal(headers.host, socket.localPort);
  if (message !== undefined) {
    respondEarly(request, response, refuse({ status: 403, message }), clock);
    return undefined;
  }
  const body = await readBody(request, maxBytes);
  if (body !== "too large") return body;
  respondEarly(request, response, refuse({ status: 413 }), clock);
  return undefined;
}

/** Reads no further than to the first byte beyond `maxBytes`. */
function readBody(
  request: IncomingMessage,
  maxBytes: number,
): Promise<Buffer | "too large" | undefined> {
  return new Promise((resolve) => {
    if (Number(request.headers["content-length"]) > maxBytes) {
      resolve("too large");
      return;
    }
    const chunks: Buffer[] = [];
    let bytes = 0;
    const take = (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes <= maxBytes) return;
      request.off("data", take);
      resolve("too large");
    };
    request.on("data", take);
    request.once("end", () => {
      resolve(Buffer.concat(chunks));
    });
    request.once("close", () => {
      resolve(undefined);
    });
  });
}

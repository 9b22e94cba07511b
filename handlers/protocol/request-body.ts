import { checkDepth, type Content } from "./content.ts";
import { tooLarge } from "./frames.ts";
import type { HttpEvent } from "./http-event.ts";
import { Problem } from "./problem.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Reads the content that a request sends, of up to so many bytes. Throws a Problem for an empty body,
 * for one that is too large, before it is decoded or parsed, for JSON that is broken or nested too
 * deep, and for what is not UTF-8.
 */
export function readContent(event: HttpEvent, maxBytes: number): Content {
  const text = readText(event, maxBytes);
  if (text === "") {
    throw new Problem("invalid-data", "The body is empty: send the message as the request's body.");
  }
  const isJson = isJsonType(event.headers["content-type"]);
  if (isJson) checkDepth(parse(text));
  return { text, isJson };
}

/** Reads the body of a request. Throws a Problem for one that is too large, or not UTF-8; `what` names it. */
export function readText(
  { body = "", isBase64Encoded }: HttpEvent,
  maxBytes: number,
  what?: string,
): string {
  const bytes = Buffer.byteLength(body, isBase64Encoded ? "base64" : "utf8");
  if (bytes > maxBytes) throw tooLarge(bytes, maxBytes, what);
  return isBase64Encoded ? decode(Buffer.from(body, "base64")) : body;
}

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new Problem("not-utf-8", "The body is not UTF-8: a WebSocket text message has to be.");
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Problem(
      "invalid-json",
      "The body is not JSON: send JSON, or text with another content-type than application/json.",
    );
  }
}

function isJsonType(contentType = ""): boolean {
  return contentType.split(";", 1)[0]?.trim().toLowerCase() === "application/json";
}

import type { HttpEvent } from "./http-event.ts";
import { Problem } from "./problem.ts";

/** What a request publishes: its text, and the value that it stands for. */
export type Content = {
  text: string;
  /** The parsed value of a JSON body, otherwise the text. */
  data: unknown;
};

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Reads a body that is to be published. Throws a Problem: 400 for none or broken JSON, 415 for
 * what is not UTF-8.
 */
export function readContent({ headers, body, isBase64Encoded }: HttpEvent): Content {
  const text = isBase64Encoded ? decode(Buffer.from(body ?? "", "base64")) : (body ?? "");
  if (text === "") {
    throw new Problem(400, "The body is empty: send the message as the request's body.");
  }
  return { text, data: isJson(headers["content-type"]) ? parse(text) : text };
}

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new Problem(415, "The body is not UTF-8: a WebSocket text message has to be.");
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Problem(
      400,
      "The body is not JSON: send JSON, or text with another content-type than application/json.",
    );
  }
}

function isJson(contentType = ""): boolean {
  return contentType.split(";", 1)[0]?.trim().toLowerCase() === "application/json";
}

import { checkDepth } from "./content.ts";
import type { HttpEvent } from "./http-event.ts";
import { elementTexts } from "./json-text.ts";
import { maxBatchMessages, maxJsonLevels } from "./limits.ts";
import { Problem } from "./problem.ts";
import { readText } from "./request-body.ts";

/** Messages that one request publishes. */
export type Batch = {
  /** The body as it came. */
  text: string;
  messages: BatchMessage[];
};

/** A message as it is written in a batch, and its members, of which none is checked. */
export type BatchMessage = { text: string; members: Record<string, unknown> };

/** Levels of a batch around the `data` of a message. */
const ownLevels = 3;

/**
 * Reads the messages of a request, of which each may have up to so many bytes.
 * Throws a Problem for a body that is none of a batch, as a whole.
 */
export function readBatch(event: HttpEvent, maxMessageBytes: number): Batch {
  const text = readText(event, maxBatchMessages * maxMessageBytes, "batch");
  const body = parse(text);
  const messages = messagesIn(body);
  // What finds the texts goes as deep as the body.
  checkDepth(body, maxJsonLevels + ownLevels);
  const texts = elementTexts(text, "messages");
  return {
    text,
    messages: messages.map((members, index) => ({ text: texts[index] ?? "", members })),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Problem("invalid-json", 'The body is not JSON: send {"messages":[…]}.');
  }
}

function messagesIn(body: unknown): Record<string, unknown>[] {
  const messages: unknown = isObject(body) ? body.messages : undefined;
  const isBatch =
    Array.isArray(messages) &&
    messages.length >= 1 &&
    messages.length <= maxBatchMessages &&
    messages.every(isObject);
  if (isBatch) return messages;
  throw new Problem(
    "invalid-messages",
    `"messages" takes a list of 1 to ${maxBatchMessages} objects, each with a "channel" and "data".`,
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

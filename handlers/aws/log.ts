import { Logger } from "@aws-lambda-powertools/logger";

/** Writes one JSON line an entry. No entry ever holds a message's content or a token. */
export const log = new Logger();

/** What was thrown, as the Error that the log takes. */
export function thrown(value: unknown): Error {
  return value instanceof Error ? value : new Error(String(value));
}

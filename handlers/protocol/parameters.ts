import {
  channelName,
  channelNameForm,
  connectionIdForm,
  idempotencyKeyForm,
  maxPrefixLevels,
  maxResumedChannels,
  refForm,
} from "./limits.ts";
import { messageIdForm } from "./message.ts";
import { covers, isPrefix, isValidPrefix } from "./prefix.ts";
import { Problem } from "./problem.ts";

// What a frame or a request names, as it came: each of these returns it, or throws a Problem.

export function checkChannel(name: unknown): string {
  if (typeof name === "string" && channelName.test(name)) return name;
  throw new Problem("invalid-channel", `A channel's name is ${channelNameForm}.`);
}

/** Takes what a connection can be subscribed to: a channel or, where the stack takes these, a prefix. */
export function checkSubscribable(name: unknown, prefixSubscriptions: boolean): string {
  if (typeof name !== "string" || !isPrefix(name)) return checkChannel(name);
  if (!prefixSubscriptions) {
    throw new Problem(
      "invalid-channel",
      "This stack takes no prefix: it would with prefixSubscriptions: true in its config.",
    );
  }
  if (isValidPrefix(name)) return name;
  throw new Problem(
    "invalid-channel",
    `A prefix is a channel's name with up to ${maxPrefixLevels} parts between its colons, and then ":*".`,
  );
}

export function checkConnectionId(id: unknown): string {
  if (isConnectionId(id)) return id;
  throw invalidConnection();
}

function isConnectionId(id: unknown): id is string {
  return typeof id === "string" && connectionIdForm.test(id);
}

/** Takes the connection that a request excludes from what it publishes. */
export function checkExclude(id: unknown): string | undefined {
  if (id === undefined || isConnectionId(id)) return id;
  throw new Problem("invalid-connection", '"exclude" takes the id of a connection.');
}

/** Takes what a frame excludes: nobody but the connection that sends it, which need not know its own id. */
export function checkExcludeSelf(exclude: unknown, connectionId: string): string | undefined {
  if (exclude === undefined) return exclude;
  if (exclude === true || exclude === connectionId) return connectionId;
  throw new Problem(
    isConnectionId(exclude) ? "forbidden" : "invalid-connection",
    'A client can exclude nobody but itself: "exclude" takes true, or the id of its own connection.',
  );
}

/** Throws a Problem as of a message that nobody knows, since no other has such an id. */
export function checkMessageId(id: unknown): string {
  if (typeof id === "string" && messageIdForm.test(id)) return id;
  throw unknownDelivery();
}

export function unknownDelivery(): Problem {
  return new Problem(
    "unknown-delivery",
    "There is no report of this message, or no more: one that was answered with 200 has none.",
  );
}

export function invalidConnection(): Problem {
  return new Problem("invalid-connection", "This is not the form of a connection's id.");
}

/** Takes what a client knows the reply to its frame by. */
export function checkRef(ref: unknown): string | undefined {
  if (ref === undefined || (typeof ref === "string" && refForm.test(ref))) return ref;
  throw new Problem("invalid-ref", '"ref" takes text of 1 to 64 letters, digits, _ or -.');
}

export function checkIdempotencyKey(key: unknown): string | undefined {
  if (key === undefined || (typeof key === "string" && idempotencyKeyForm.test(key))) return key;
  throw new Problem(
    "invalid-idempotency-key",
    "An Idempotency-Key is 1 to 255 visible ASCII characters.",
  );
}

/** Takes an id, or null as `last` has it of a channel without a message: all of them come after it. */
export function checkSince(since: unknown): string | null | undefined {
  if (since === undefined || isIdOrNull(since)) return since;
  throw new Problem("invalid-since", '"since" takes the id of a message, as "k3f9x2-42", or null.');
}

/**
 * Takes the last ids of channels that a prefix stands for, by their names, as `last` has them; or null, where there
 * was none.
 */
export function checkSinceOfPrefix(
  since: unknown,
  prefix: string,
): Map<string, string | null> | undefined {
  if (since === undefined) return undefined;
  const isObject = typeof since === "object" && !Array.isArray(since);
  const entries: [string, unknown][] = isObject ? Object.entries({ ...since }) : [];
  const isTaken = (entry: [string, unknown]): entry is [string, string | null] =>
    channelName.test(entry[0]) && covers(prefix, entry[0]) && isIdOrNull(entry[1]);
  if (isObject && entries.length <= maxResumedChannels && entries.every(isTaken)) {
    return new Map(entries);
  }
  throw new Problem(
    "invalid-since",
    `"since" of a prefix takes an object with the last ids of up to ${maxResumedChannels} channels that it stands for, ` +
      'as {"orders:eu":"k3f9x2-42"}, or null.',
  );
}

function isIdOrNull(value: unknown): value is string | null {
  return value === null || typeof value === "string";
}

/** Takes a cursor as an answer gave it, or null as of a last page: both are those of the first. */
export function checkCursor(cursor: unknown): string | undefined {
  if (cursor === undefined || cursor === null) return undefined;
  if (typeof cursor === "string") return cursor;
  throw new Problem("invalid-cursor", '"cursor" takes the text that an answer gave.');
}

/** Takes true or false, which is also what is left out. */
export function checkFlag(flag: unknown, name: string): boolean {
  if (flag === undefined || typeof flag === "boolean") return flag ?? false;
  throw new Problem("invalid-data", `"${name}" takes true or false.`);
}

/** Takes a number from 1 to `max`, also as digits. */
export function checkLimit(limit: unknown, max: number, byDefault: number): number {
  if (limit === undefined) return byDefault;
  const number = typeof limit === "string" && /^\d{1,4}$/.test(limit) ? Number(limit) : limit;
  if (typeof number === "number" && Number.isInteger(number) && number >= 1 && number <= max) {
    return number;
  }
  throw new Problem("invalid-limit", `"limit" takes a whole number from 1 to ${max}.`);
}

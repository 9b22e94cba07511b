import fc from "fast-check";
import { anyText, changed, channelName, jsonText, messageId, text } from "./texts.ts";

const actions = ["subscribe", "unsubscribe", "publish", "history", "presence", "ping"];

/**
 * Frames that clients send: of every action, almost of one, any JSON, any text.
 * `epochs` are those of the channels that exist.
 */
export function frames(epochs: string[]): fc.Arbitrary<string> {
  const action = fc.constantFrom(...actions).map(quoted);
  const channel = channelName.map(quoted);
  const since = messageId(epochs).map(quoted);
  const limit = fc.integer({ min: 1, max: 1000 }).map(String);
  const data = fc.oneof(
    jsonText,
    fc.nat(20_000).map((length) => quoted("x".repeat(length))),
  );

  const wellFormed = objectText([
    fc.tuple(fc.constant("action"), action),
    fc.tuple(fc.constant("channel"), channel),
    optional("since", since),
    optional("limit", limit),
    optional("data", data),
  ]);
  const key = fc.oneof(fc.constantFrom("action", "channel", "since", "limit", "data"), anyText);
  const value = fc.oneof(action, channel, since, limit, jsonText);
  const almost = fc.oneof(
    objectText([
      fc.tuple(fc.constant("action"), action),
      fc.tuple(key, value),
      optional("data", value),
    ]),
    objectText([fc.tuple(key, value), fc.tuple(key, value), fc.tuple(key, value)]),
    changed(wellFormed),
  );
  return fc.oneof(
    { weight: 3, arbitrary: wellFormed },
    { weight: 3, arbitrary: almost },
    { weight: 1, arbitrary: jsonText },
    { weight: 1, arbitrary: text },
  );
}

type Member = [key: string, value: string];

/** A JSON object as text: unlike an object's own, its keys may come twice, and be `__proto__`. */
function objectText(members: fc.Arbitrary<Member | null>[]): fc.Arbitrary<string> {
  return fc.tuple(...members).map((present) => {
    const inner = present.filter((member) => member !== null);
    return `{${inner.map(([key, value]) => `${quoted(key)}:${value}`).join(",")}}`;
  });
}

function optional(key: string, value: fc.Arbitrary<string>): fc.Arbitrary<Member | null> {
  return fc.option(fc.tuple(fc.constant(key), value));
}

function quoted(value: string): string {
  return JSON.stringify(value);
}

import fc from "fast-check";

/** Text of every kind that a socket or a URL can carry. */
export const text = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 60 }),
  fc.string({ unit: "binary", maxLength: 60 }).map((value) => Buffer.from(value).toString()),
  fc.constantFrom("__proto__", "constructor", "toString", "hasOwnProperty", "", "null", "#", "a#0"),
);

/** Names, most of which a channel may have; a few are used again and again. */
export const channel = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom("test", "news", "a.b:c-d_e", "0", "channel") },
  { weight: 2, arbitrary: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}$/) },
  { weight: 1, arbitrary: text },
);

export const id = fc.oneof(
  fc.stringMatching(/^[a-z0-9]{1,8}-\d{1,20}$/),
  fc.stringMatching(/^[\w-]{15}=$/),
  text,
);

export const value = fc.oneof(fc.jsonValue({ maxDepth: 6 }), text, channel, id, fc.double());

/** Frames that are actions, almost actions, any JSON, and any text. */
export const frame = fc.oneof(
  fc
    .record(
      {
        action: fc.oneof(
          fc.constantFrom("subscribe", "unsubscribe", "publish", "history", "ping"),
          fc.constantFrom("$default", "Subscribe", "__proto__", "constructor"),
          value,
        ),
        channel: fc.oneof({ weight: 4, arbitrary: channel }, { weight: 1, arbitrary: value }),
        data: value,
        since: fc.oneof(id, value),
        limit: fc.oneof(fc.integer({ min: -2, max: 1002 }), value),
      },
      { requiredKeys: [] },
    )
    .map((keys) => JSON.stringify(keys)),
  fc.json({ maxDepth: 8 }),
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 200 }),
);

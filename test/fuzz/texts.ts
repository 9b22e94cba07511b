import fc from "fast-check";

/** Texts that mean something to JavaScript, to the gateway, to the table or to a URL. */
const traps = [
  ...["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "then", "length"],
  ...["$connect", "$disconnect", "$default", "connection", "channel", "#", "channel#test#0"],
  ...["", " ", ".", "..", "../..", "%", "%2F", "null", "undefined", "NaN", "-1", "0", "1e3", "1,2"],
  ...["\u0000", "\ufeff", "\u2028", "\r\n", '"', "\\", "e\u0301", "\u{1f468}\u200d\u{1f469}"],
];

/** Any text, lone surrogates included: JSON may have them as escapes. */
export const anyText = fc.oneof(
  fc.constantFrom(...traps),
  fc.string(),
  fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)) }),
  fc.integer({ min: 1, max: 3_000 }).map((length) => "x".repeat(length)),
);

/** Any text that UTF-8 encodes: a message, a path or a query can have it. */
export const text = anyText.map((value) => Buffer.from(value).toString());

/** Few names, so that inputs meet; some are prefixes of others. */
export const fewNames = ["a", "A", "a0", "a:0", "a.0", "a-0", "a_0", "0", "test", "x".repeat(128)];

/** Names of channels. */
export const channelName = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...fewNames) },
  { weight: 1, arbitrary: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}$/) },
);

/** Ids in the form of a message's, of these epochs and of others. */
export function messageId(epochs: string[]) {
  const epoch = fc.oneof(fc.constantFrom(...epochs), fc.stringMatching(/^[a-z0-9]{6}$/));
  const sequence = fc.oneof(fc.nat(20), fc.bigInt({ min: 0n, max: 10n ** 17n }));
  return fc.tuple(epoch, sequence).map(([first, last]) => `${first}-${last}`);
}

/** JSON: values, numbers that no double holds, keys of `Object.prototype`, deeply nested. */
export const jsonText = fc.oneof(
  { weight: 4, arbitrary: fc.json() },
  { weight: 4, arbitrary: anyText.map((value) => JSON.stringify(value)) },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      ...["null", "true", "0", "-0", "1.5", "1e999", "-1e-999", "9".repeat(400)],
      ...["{}", "[]", '{"__proto__":{"type":1}}', '{"a":1,"a":2}', " [ 1 , 2 ] "],
    ),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom(10, 1_001, 60_000), fc.boolean())
      .map(([depth, isObject]) =>
        isObject
          ? '{"":'.repeat(depth / 3) + "0" + "}".repeat(depth / 3)
          : "[".repeat(depth) + "]".repeat(depth),
      ),
  },
);

/** The text with one place changed. */
export function changed(original: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const place = fc.double({ min: 0, max: 1, noNaN: true });
  return fc.tuple(original, place, fc.nat(2), text).map(([value, at, removed, added]) => {
    const start = Math.floor(at * value.length);
    const result = value.slice(0, start) + added.slice(0, 3) + value.slice(start + removed);
    return Buffer.from(result).toString();
  });
}

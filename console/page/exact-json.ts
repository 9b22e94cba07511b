/** What newer browsers have besides: https://github.com/tc39/proposal-json-parse-with-source */
type ExactJson = {
  parse(
    text: string,
    revive: (key: string, value: unknown, context: { source: string }) => unknown,
  ): unknown;
  rawJSON?(text: string): unknown;
};

/**
 * Parses JSON so that `JSON.stringify` writes its numbers as they were written, to the last digit. Older
 * browsers round them.
 */
export function parseExactly(text: string): unknown {
  const json = JSON as ExactJson;
  return json.parse(text, (_, value, { source }) =>
    typeof value === "number" && json.rawJSON ? json.rawJSON(source) : value,
  );
}

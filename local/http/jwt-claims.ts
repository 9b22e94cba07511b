/**
 * The claims of a token as a function gets them, each of them a text: `["news", "room-*"]` is
 * `[news room-*]`, true is `true`, a number is its digits.
 */
export function claimTexts(claims: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(claims).map(([name, value]: [string, unknown]) => [name, text(value)]),
  );
}

function text(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(text).join(" ")}]`;
  return typeof value === "string" ? value : JSON.stringify(value);
}

/**
 * Returns the claims of a token as a function gets them, each as text: `["news", "room-*"]` becomes
 * `[news room-*]`, true becomes `true`, a number its digits.
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

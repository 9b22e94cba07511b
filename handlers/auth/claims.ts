/** What a token says, as its issuer wrote it. */
export type Claims = Record<string, unknown>;

/**
 * Reads the claims of the token in an `Authorization` header that API Gateway has verified. What it
 * hands over itself is text, in which a list of one pattern with a space cannot be told from two.
 * Returns none where the header is not exactly one token.
 */
export function claimsIn(authorization = ""): Claims {
  const [, payload] = /^(?:bearer +)?[\w-]+\.([\w-]+)\.[\w-]+$/i.exec(authorization) ?? [];
  if (payload === undefined) return {};
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, "base64url").toString());
    return typeof claims === "object" && claims !== null ? { ...claims } : {};
  } catch {
    return {};
  }
}

/**
 * Returns the patterns of a claim: those of a list, or those of a text with spaces between them. An
 * entry of a list is one pattern whole: one that has a space in it, and so names no channel, is left
 * out, and never several. Anything else grants nothing.
 */
export function patternsOf(claim: unknown): string[] {
  if (typeof claim === "string") return claim.split(" ").filter((pattern) => pattern !== "");
  if (!Array.isArray(claim)) return [];
  return claim.filter((entry) => typeof entry === "string" && /^\S+$/.test(entry)).map(String);
}

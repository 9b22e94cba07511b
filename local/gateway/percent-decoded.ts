/** Decodes percent-encoding. Returns the text as it is if it is not validly encoded. */
export function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

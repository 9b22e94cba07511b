import { isDeepStrictEqual } from "node:util";

/** What is sent: each has a number of its own, by which it is known again wherever it turns up. */
export type Content = { text: string; isJson: boolean };

/** What a content is made of, beside its number. Spaced JSON has a space that no writer of JSON makes. */
export type Draft = { filler: string; isJson: boolean; isSpaced: boolean };

/** `m` is for a message of a channel, `d` for one to a client alone, `e` for an echo. */
export type Mark = "m" | "d" | "e";

export function contentOf(mark: Mark, serial: number, draft: Draft): Content {
  const { filler, isJson, isSpaced } = draft;
  const text = `${mark}${serial};${filler}`;
  if (!isJson) return { text, isJson };
  return { text: `{"is":${isSpaced ? " " : ""}${JSON.stringify(text)}}`, isJson };
}

/** What the JSON of a content stands for, or the text. */
export function dataOf({ text, isJson }: Content): unknown {
  return isJson ? JSON.parse(text) : text;
}

/** The mark and the number in a text or in data; undefined where there are none. */
export function markIn(data: unknown): { mark: Mark; serial: number } | undefined {
  const text = typeof data === "string" ? data : JSON.stringify(data);
  const [, mark, digits] = /^(?:\{"is": ?")?([mde])(\d+);/.exec(text) ?? [];
  if (mark !== "m" && mark !== "d" && mark !== "e") return undefined;
  return { mark, serial: Number(digits) };
}

/** Whether a client of a protocol has got the content as it was sent. */
export function isSame(content: Content, got: { text: string } | { data: unknown }): boolean {
  return "text" in got ? got.text === content.text : isDeepStrictEqual(got.data, dataOf(content));
}

/** `<epoch>-<sequence>`, taken apart. */
export function readId(id: string): { epoch: string; sequence: number } {
  const [epoch = "", digits] = id.split("-");
  return { epoch, sequence: Number(digits) };
}

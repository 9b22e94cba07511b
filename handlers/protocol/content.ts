import { memberText } from "./json-text.ts";
import { maxJsonLevels } from "./limits.ts";
import { Problem } from "./problem.ts";

/** What a publisher sends, as it came. */
export type Content = {
  /** Well-formed Unicode, since it goes out as UTF-8. */
  text: string;
  /** Whether the text is JSON, which a channels.v1 client gets as it was written. */
  isJson: boolean;
};

/** Throws a Problem for a value that is nested deeper than 1,000 levels. */
export function checkDepth(value: unknown, levels = maxJsonLevels): void {
  if (typeof value !== "object" || value === null) return;
  if (levels === 0) {
    throw new Problem(
      "invalid-data",
      `The JSON is nested too deep: it may have ${maxJsonLevels} levels.`,
    );
  }
  for (const inner of Object.values(value)) checkDepth(inner, levels - 1);
}

/** The content as JSON: what came as JSON is never parsed, which would round its numbers. */
export function dataJson({ text, isJson }: Content): string {
  return isJson ? text : JSON.stringify(text);
}

/**
 * The content of a frame's `data`: `members` are those of the frame, `frame` is its text.
 * Throws a Problem for none, for a frame that is nested too deep, and for text that is no Unicode.
 */
export function toContent(members: Record<string, unknown>, frame: string): Content {
  const { data } = members;
  if (data === undefined || data === "") {
    throw new Problem("invalid-data", 'There is no "data": it takes text, or any other JSON.');
  }
  // What finds the text of `data` goes as deep as the frame.
  checkDepth(members, maxJsonLevels + 1);
  if (typeof data !== "string") return { text: memberText(frame, "data"), isJson: true };
  if (!data.isWellFormed()) {
    throw new Problem(
      "invalid-data",
      'The "data" has half of a surrogate pair: send whole characters.',
    );
  }
  return { text: data, isJson: false };
}

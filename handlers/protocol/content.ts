import { maxJsonLevels } from "./limits.ts";
import { Problem } from "./problem.ts";

/** What a publisher sends, as it came. */
export type Content = {
  text: string;
  /** Whether the text is JSON, whose value a channels.v1 client gets. */
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

export function dataOf({ text, isJson }: Content): unknown {
  return isJson ? JSON.parse(text) : text;
}

/** The content of a frame's `data`. Throws a Problem for none, and for one that is nested too deep. */
export function toContent(data: unknown): Content {
  if (data === undefined || data === "") {
    throw new Problem("invalid-data", 'There is no "data": it takes text, or any other JSON.');
  }
  checkDepth(data);
  return typeof data === "string"
    ? { text: data, isJson: false }
    : { text: JSON.stringify(data), isJson: true };
}

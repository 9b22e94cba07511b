import { Problem } from "./problem.ts";

/** What is published, as it came. */
export type Content = {
  text: string;
  /** Whether the text is JSON, and its value what a channels.v1 client gets. */
  json: boolean;
};

// Writing JSON takes stack for each level, as reading it does in many a client.
const mostLevels = 1000;

/** Throws a Problem for a value that is nested deeper than 1,000 levels. */
export function checkDepth(value: unknown, levels = mostLevels): void {
  if (typeof value !== "object" || value === null) return;
  if (levels === 0) {
    throw new Problem(
      "invalid-data",
      `The JSON is nested too deep: it may have ${mostLevels} levels.`,
    );
  }
  for (const inner of Object.values(value)) checkDepth(inner, levels - 1);
}

export function dataOf({ text, json }: Content): unknown {
  return json ? JSON.parse(text) : text;
}

/** The content of the `data` of a frame. Throws a Problem where there is none, or too deep. */
export function toContent(data: unknown): Content {
  if (data === undefined || data === "") {
    throw new Problem("invalid-data", 'There is no "data": it takes text, or any other JSON.');
  }
  checkDepth(data);
  return typeof data === "string"
    ? { text: data, json: false }
    : { text: JSON.stringify(data), json: true };
}

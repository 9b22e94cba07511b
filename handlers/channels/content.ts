import { Problem } from "./problem.ts";

/** What is published, as it came. */
export type Content = {
  text: string;
  /** Whether the text is JSON, and its value what a channels.v1 client gets. */
  json: boolean;
};

export function dataOf({ text, json }: Content): unknown {
  return json ? JSON.parse(text) : text;
}

/** The content of the `data` of a frame. Throws a Problem where there is none. */
export function toContent(data: unknown): Content {
  if (data === undefined || data === "") {
    throw new Problem("invalid-data", 'There is no "data": it takes text, or any other JSON.');
  }
  return typeof data === "string"
    ? { text: data, json: false }
    : { text: JSON.stringify(data), json: true };
}

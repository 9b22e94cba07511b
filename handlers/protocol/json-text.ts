import { parseTree, type Node } from "jsonc-parser";

// Parts of JSON as they are written there: parsed and written again, its numbers would be rounded.

/** A member of a JSON object: the last of its name, as JSON.parse has it; empty where there is none. */
export function memberText(json: string, name: string): string {
  return textOf(json, memberOf(json, name));
}

/** The elements of a list that a JSON object has as a member. */
export function elementTexts(json: string, name: string): string[] {
  return (memberOf(json, name)?.children ?? []).map((element) => textOf(json, element));
}

function memberOf(json: string, name: string): Node | undefined {
  const members = parseTree(json)?.children ?? [];
  return members.findLast(({ children }) => children?.[0]?.value === name)?.children?.[1];
}

function textOf(json: string, node: Node | undefined): string {
  return node === undefined ? "" : json.slice(node.offset, node.offset + node.length);
}

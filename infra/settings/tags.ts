import { key, parseMapping, read } from "./config-key.ts";

// What every service takes, and so less than some do:
// https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
const text = /^[\p{L}\p{N} _.:/=+@-]*$/u;
const maxKey = 128;
const maxValue = 256;
// A resource has 50, and each of ours has two of its own.
const maxTags = 48;

/** The key of the stack config that tags every resource. */
export const tags = key({
  expected: `up to ${maxTags} tags other than project and stack, of letters, digits, spaces and _ . : / = + - @: "pulumi config set --path tags.team messaging"`,
  parse: parseTags,
  byDefault: "{}",
});

/** Returns the tags that the stack adds to those that tell whose a resource is. */
export function readTags(): Record<string, string> {
  return read("tags", tags);
}

function parseTags(value: string): Record<string, string> | undefined {
  const mapping = parseMapping(value);
  if (mapping === undefined) return undefined;
  // The CLI makes numbers and booleans of what looks like them.
  const entries = Object.entries(mapping).map(([name, tag]) => [name, String(tag)] as const);
  const areScalars = Object.values(mapping).every((tag) => typeof tag !== "object");
  const isTag = ([name, tag]: readonly [string, string]) =>
    /^(?!aws:|project$|stack$)./i.test(name) &&
    text.test(name) &&
    text.test(tag) &&
    name.length <= maxKey &&
    tag.length <= maxValue;
  const areTags = areScalars && entries.length <= maxTags && entries.every(isTag);
  return areTags ? Object.fromEntries(entries) : undefined;
}

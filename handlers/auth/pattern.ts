/**
 * Whether a pattern names a channel: `*` stands for any run of characters, an empty one too, and all
 * else for itself. Each part between two stars is looked for once, and never again further on: the
 * leftmost place where it fits leaves the most to those after it.
 */
export function matches(pattern: string, name: string): boolean {
  const [first = "", ...others] = pattern.split("*");
  const last = others.pop();
  if (last === undefined) return pattern === name;
  if (!name.startsWith(first)) return false;
  let end = first.length;
  for (const part of others) {
    const start = name.indexOf(part, end);
    if (start === -1) return false;
    end = start + part.length;
  }
  return name.length - last.length >= end && name.endsWith(last);
}

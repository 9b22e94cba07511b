import type { Round } from "./round.ts";
import type { Violation } from "./records.ts";

/** Lines of the diary that are printed about each subject of a violation. */
const diaryLines = 60;

/** Violations of one rule that are told at length, and that are told at all. */
const toldAtLength = 1;
const maxTold = 8;

/** What a round found wrong, with what led to it. */
export function violationReport({ violations, model }: Round, again: string): string {
  const lines: string[] = [];
  for (const [rule, ofRule] of grouped(violations, ({ kind, rule }) => `${kind}: ${rule}`)) {
    lines.push(`${rule}, ${ofRule.length} times, again with ${again}`);
    for (const [index, { text, subjects, at, channel }] of ofRule.slice(0, maxTold).entries()) {
      lines.push(`  ${text}`);
      if (index >= toldAtLength) continue;
      for (const subject of subjects) {
        const last = model.diary.last(subject, diaryLines, at, channel);
        lines.push(`    ${subject}:`, ...last.map((line) => `    ${line}`));
      }
    }
  }
  return lines.join("\n");
}

/** A table of two columns. */
export function table(rows: readonly (readonly [name: string, value: string | number])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join("\n");
}

/** As in `12 ping, 3 publish`. */
export function counted(counts: ReadonlyMap<string, number>): string {
  const sorted = [...counts].sort(([a], [b]) => a.localeCompare(b));
  return sorted.map(([name, count]) => `${count} ${name}`).join(", ") || "none";
}

export function grouped<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

export function ofKind(violations: readonly Violation[], kind: Violation["kind"]): number {
  return violations.filter((violation) => violation.kind === kind).length;
}

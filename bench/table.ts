import { isMet, type Figure, type Goal } from "./figure.ts";

/** Returns a Markdown table with each column as wide as its widest cell, as Prettier formats it. */
export function markdownTable(head: string[], rows: string[][]): string {
  const widths = head.map((title, column) =>
    Math.max(3, ...[head, ...rows].map((row) => (row[column] ?? title).length)),
  );
  const line = (cells: string[], fill = " ") =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0, fill)).join(" | ")} |`;
  const rule = line(
    head.map(() => "---"),
    "-",
  );
  return [line(head), rule, ...rows.map((row) => line(row))].join("\n");
}

/** Returns the table of all figures. */
export function figureTable(figures: Figure[]): string {
  const rows = figures.map((figure) => [
    figure.what,
    amount(figure.value, figure.unit),
    figure.goal === undefined ? "" : goalText(figure.goal, figure.unit),
    { true: "yes", false: "no", undefined: "" }[`${isMet(figure)}`],
  ]);
  return markdownTable(["Figure", "Measured", "Goal", "Met"], rows);
}

/** Writes counts whole, and anything else to three digits. */
export function amount(value: number, unit = ""): string {
  const format = Number.isInteger(value) ? {} : { maximumSignificantDigits: 3 };
  return `${value.toLocaleString("en-US", format)} ${unit}`.trimEnd();
}

function goalText(goal: Goal, unit: string): string {
  return "atMost" in goal
    ? `at most ${amount(goal.atMost, unit)}`
    : `at least ${amount(goal.atLeast, unit)}`;
}

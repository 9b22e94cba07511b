import type { GraphEdge, GraphNode, ResourceGraph } from "../api.ts";

/** Where a picture of the graph has its boxes and lines, in pixels. */
export type Layout = { width: number; height: number; boxes: Box[]; lines: Arrow[] };

export type Box = { node: GraphNode; x: number; y: number; lines: string[] };

export type Arrow = { edge: GraphEdge; path: string };

export const boxWidth = 204;
export const boxHeight = 94;
const columnGap = 110;
const rowGap = 22;
const margin = 14;
const maxLineLetters = 30;

/** Puts each node in a column by how many steps it is from an API, and those that nothing leads to last. */
export function layoutOf({ nodes, edges }: ResourceGraph): Layout {
  const columns = columnsOf(nodes, edges);
  const rows = Math.max(...columns.map(({ length }) => length), 1);
  const inner = rows * (boxHeight + rowGap) - rowGap;
  const boxes = columns.flatMap((column, index) => {
    const top = (inner - (column.length * (boxHeight + rowGap) - rowGap)) / 2;
    return column.map((node, row) => ({
      node,
      x: margin + index * (boxWidth + columnGap),
      y: margin + top + row * (boxHeight + rowGap),
      lines: partsOf(node),
    }));
  });
  const lines = edges.flatMap((edge) => {
    const from = boxes.find(({ node }) => node.id === edge.from);
    const to = boxes.find(({ node }) => node.id === edge.to);
    return from && to ? [{ edge, path: pathBetween(from, to) }] : [];
  });
  return {
    // Lines within the last column go around its right side.
    width: 2 * margin + columns.length * (boxWidth + columnGap) - columnGap / 2,
    height: 2 * margin + inner,
    ...{ boxes, lines },
  };
}

function columnsOf(nodes: GraphNode[], edges: GraphEdge[]): GraphNode[][] {
  const isApi = ({ type }: GraphNode) => type === "aws:apigatewayv2/api:Api";
  const columns: GraphNode[][] = [];
  let column = nodes.filter(isApi);
  const placed = new Set<GraphNode>();
  while (column.length > 0) {
    columns.push(column);
    for (const node of column) placed.add(node);
    const before = new Set(column.map(({ id }) => id));
    column = nodes.filter(
      (node) =>
        !placed.has(node) && edges.some(({ from, to }) => before.has(from) && to === node.id),
    );
  }
  const left = nodes.filter((node) => !placed.has(node));
  const last = columns.at(-1);
  if (last === undefined) return [left];
  last.push(...left);
  return columns;
}

/** Counts the parts by their types, as in `12 routes`. */
function partsOf({ parts }: GraphNode): string[] {
  const counts = new Map<string, number>();
  for (const { type } of parts) {
    const word = wordOf(type);
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const said = [...counts].map(([word, count]) =>
    count === 1 ? word : `${count} ${pluralOf(word)}`,
  );
  return inLines(said);
}

/** Puts words with commas in between into lines that fit into a box. */
function inLines(words: string[]): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const longer = lines.length === 0 ? word : `${lines.at(-1) ?? ""}, ${word}`;
    if (longer.length > maxLineLetters && lines.length > 0) lines.push(word);
    else lines.splice(-1, 1, longer);
  }
  return lines;
}

/** As in `log group` of `aws:cloudwatch/logGroup:LogGroup`. */
export function wordOf(type: string): string {
  const word = type.replace(/^.*:/, "");
  return word.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter}`).toLowerCase();
}

function pluralOf(word: string): string {
  return word.endsWith("y") ? `${word.slice(0, -1)}ies` : `${word}s`;
}

/** A curve from the right of one box to the left of another; back from left to right where this is before. */
function pathBetween(from: Box, to: Box): string {
  const isBack = to.x <= from.x;
  const start = {
    x: from.x + (isBack ? 0 : boxWidth),
    y: from.y + boxHeight * (isBack ? 0.66 : 0.4),
  };
  const end = { x: to.x + (isBack ? boxWidth : 0), y: to.y + boxHeight * (isBack ? 0.66 : 0.4) };
  const bend = (isBack ? -1 : 1) * (columnGap / 2 + Math.abs(end.x - start.x) * 0.15);
  const { x, y } = start;
  if (from.x === to.x) {
    // In the same column, around the right side.
    const side = from.x + boxWidth;
    const middle = from.y + boxHeight / 2;
    const turn = side + columnGap / 2;
    return `M${side},${middle} C${turn},${middle} ${turn},${to.y + boxHeight / 2} ${side},${to.y + boxHeight / 2}`;
  }
  return `M${x},${y} C${x + bend},${y} ${end.x - bend},${end.y} ${end.x},${end.y}`;
}

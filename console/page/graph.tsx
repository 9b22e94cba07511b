import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { GraphNode, ResourceGraph, Way } from "../api.ts";
import { boxHeight, boxWidth, layoutOf, wordOf, type Arrow, type Box } from "./graph-layout.ts";
import { followStack, way } from "./looks.ts";
import { Panel } from "./panel.tsx";
import { ask } from "./requests.ts";

const graph = signal<ResourceGraph | undefined>(undefined);

/** What `pulumi up` would build, with the way of the last message lit up. */
export function Graph() {
  useEffect(() => {
    followStack();
    void ask<ResourceGraph>("/api/graph").then((value) => (graph.value = value));
  }, []);
  const drawn = graph.value;
  return (
    <Panel
      id="graph"
      title="Resources"
      beside={
        <span class="muted" role="status">
          {way.value && drawn ? wordsOf(way.value, drawn) : "The way of the next message lights up"}
        </span>
      }
    >
      {drawn && (
        <>
          <Picture graph={drawn} way={way.value} />
          <details>
            <summary>All {countOf(drawn)} resources</summary>
            <dl class="details">
              {drawn.nodes.map((node) => (
                <div key={node.id}>
                  <dt>
                    {wordOf(node.type)} {node.name}
                  </dt>
                  <dd>
                    {node.parts.map(({ type, name }) => `${wordOf(type)} ${name}`).join(", ")}
                  </dd>
                </div>
              ))}
            </dl>
          </details>
        </>
      )}
    </Panel>
  );
}

function Picture({ graph, way }: { graph: ResourceGraph; way: Way | undefined }) {
  const { width, height, boxes, lines } = layoutOf(graph);
  const steps = way?.steps ?? [];
  const isLit = ({ edge }: Arrow) =>
    steps.some(({ from, to }) => from === edge.from && to === edge.to);
  const isPassed = ({ id }: GraphNode) => steps.some(({ from, to }) => from === id || to === id);
  // What is lit is drawn over the others.
  const sorted = [...lines].sort((a, b) => Number(isLit(a)) - Number(isLit(b)));
  return (
    <div class="picture" tabIndex={0} role="group" aria-label="Picture of the resources">
      <svg viewBox={`0 0 ${width} ${height}`} style={{ minWidth: `${width * 0.8}px` }} role="img">
        <title>The resources that pulumi up would build, and what reaches what</title>
        <defs>
          <Head id="head" />
          <Head id="head-lit" />
        </defs>
        {sorted.map((line) => (
          <path
            key={`${line.edge.from} ${line.edge.to}`}
            class={isLit(line) ? "edge lit" : "edge"}
            d={line.path}
            marker-end={isLit(line) ? "url(#head-lit)" : "url(#head)"}
          >
            <title>{line.edge.how}</title>
          </path>
        ))}
        {boxes.map((box) => (
          <NodeBox key={box.node.id} box={box} isLit={isPassed(box.node)} />
        ))}
      </svg>
    </div>
  );
}

function Head({ id }: { id: string }) {
  return (
    <marker
      id={id}
      viewBox="0 0 8 8"
      refX={7}
      refY={4}
      markerWidth={7}
      markerHeight={7}
      orient="auto"
    >
      <path d="M0,0 L8,4 L0,8 z" />
    </marker>
  );
}

function NodeBox({ box: { node, x, y, lines }, isLit }: { box: Box; isLit: boolean }) {
  return (
    <g class={isLit ? "node lit" : "node"} transform={`translate(${x},${y})`}>
      <title>{node.parts.map(({ type, name }) => `${wordOf(type)} ${name}`).join("\n")}</title>
      <rect width={boxWidth} height={boxHeight} rx={10} />
      <text class="node-type" x={12} y={19}>
        {wordOf(node.type)}
      </text>
      <text class="node-name" x={12} y={37}>
        {node.name}
      </text>
      {lines.map((line, index) => (
        <text key={line} class="node-parts" x={12} y={53 + index * 13}>
          {line}
        </text>
      ))}
    </g>
  );
}

/** As in `Last message, POST /: http api → http function; http function → channels table, websocket api`. */
function wordsOf({ route, steps }: Way, { nodes }: ResourceGraph): string {
  const nameOf = (id: string) => {
    const node = nodes.find((one) => one.id === id);
    return node ? `${node.name} ${wordOf(node.type)}` : id;
  };
  const froms = [...new Set(steps.map(({ from }) => from))];
  const parts = froms.map((from) => {
    const reached = steps.filter((step) => step.from === from).map(({ to }) => nameOf(to));
    return `${nameOf(from)} → ${reached.join(", ")}`;
  });
  return `Last message, ${route}: ${parts.join("; ")}`;
}

function countOf({ nodes }: ResourceGraph): number {
  return nodes.reduce((sum, { parts }) => sum + 1 + parts.length, 0);
}

import assert from "node:assert/strict";
import { describe as describeResources } from "../../../../local/graph/describe.ts";
import { drawGraph } from "../../../../local/graph/draw-graph.ts";
import type { ResourceGraph } from "../../../../local/graph/resource-graph.ts";
import { readStackConfig } from "../../../../local/graph/stack-config.ts";
import { cloud, run } from "../../../support/program.ts";
import { projectFolder } from "../../../support/project-copy.ts";

describe("the graph of the staging program", () => {
  let graph: ResourceGraph;
  let count: number;
  before(async () => {
    const { resources } = await run();
    const config = await readStackConfig(projectFolder, "staging");
    graph = drawGraph(await describeResources(config, cloud, resources), resources);
    count = resources.length;
  });

  /** As in `http Function`. */
  const named = (id: string) => {
    const { name, type } = graph.nodes.find((node) => node.id === id) ?? assert.fail(id);
    return `${name} ${type.replace(/^.*:/, "")}`;
  };
  const partsOf = (wanted: string) =>
    graph.nodes.find(({ id }) => named(id) === wanted)?.parts ?? assert.fail(wanted);

  it("has every resource once, as a node or as a part of one", () => {
    const parts = graph.nodes.flatMap((node) => node.parts);
    assert.equal(graph.nodes.length + parts.length, count);
    assert.deepEqual(graph.nodes.map(({ id }) => named(id)).sort(), [
      "channels Dashboard",
      "channels Table",
      "deliveries Queue",
      "deliveries-dead-letters Queue",
      "fanout Function",
      "http Api",
      "http Function",
      "websocket Api",
      "websocket Function",
    ]);
  });

  it("has each part where it belongs", () => {
    const typesOf = (node: string) => [
      ...new Set(partsOf(node).map(({ type }) => type.replace(/^.*:/, ""))),
    ];
    assert.deepEqual(typesOf("http Function").sort(), [
      ...["LogGroup", "MetricAlarm", "Permission", "Role", "RolePolicy"],
    ]);
    assert.deepEqual(typesOf("fanout Function").sort(), [
      ...["FunctionRecursionConfig", "LogGroup", "MetricAlarm", "Role", "RolePolicy"],
    ]);
    assert.deepEqual(typesOf("http Api").sort(), [
      ...["Integration", "LogGroup", "MetricAlarm", "Route", "Stage"],
    ]);
    assert.deepEqual(typesOf("channels Table"), ["MetricAlarm"]);
    assert.deepEqual(typesOf("deliveries Queue").sort(), ["EventSourceMapping", "MetricAlarm"]);
    assert.deepEqual(typesOf("deliveries-dead-letters Queue"), ["MetricAlarm"]);
    assert.ok(partsOf("http Api").some(({ name }) => name === "POST /channels/{channel}/messages"));
  });

  it("says what reaches what, as routes and roles have it", () => {
    const edges = graph.edges.map(({ from, to }) => `${named(from)} -> ${named(to)}`);
    assert.deepEqual(edges.sort(), [
      "deliveries Queue -> deliveries-dead-letters Queue",
      "deliveries Queue -> fanout Function",
      "fanout Function -> channels Table",
      "fanout Function -> deliveries Queue",
      "fanout Function -> deliveries-dead-letters Queue",
      "fanout Function -> websocket Api",
      "http Api -> http Function",
      "http Function -> channels Table",
      "http Function -> deliveries Queue",
      "http Function -> websocket Api",
      "websocket Api -> websocket Function",
      "websocket Function -> channels Table",
      "websocket Function -> deliveries Queue",
      "websocket Function -> websocket Api",
    ]);
    const hows = graph.edges.map(({ from, to, how }) => [named(from), named(to), how]);
    assert.ok(hows.some(([, to, how]) => to === "fanout Function" && how === "invokes"));
    assert.ok(
      hows.some(
        ([from, to, how]) =>
          from === "http Function" && to === "deliveries Queue" && how === "sqs:SendMessage",
      ),
    );
  });
});

import { isRecord } from "../shared/record.ts";
import type { Description } from "./description.ts";
import type { GraphEdge, GraphNode, ResourceGraph } from "./resource-graph.ts";
import type { Resource } from "./resource.ts";

/** The types that others belong to, and the dashboard, which looks at them all. */
const nodeTypes = [
  "aws:apigatewayv2/api:Api",
  "aws:lambda/function:Function",
  "aws:dynamodb/table:Table",
  "aws:sqs/queue:Queue",
  "aws:cloudwatch/dashboard:Dashboard",
];

/** Draws every resource: as a node, or as a part of the node that names it or that it names. */
export function drawGraph(description: Description, resources: Resource[]): ResourceGraph {
  const drawn = resources
    .filter(({ type }) => nodeTypes.includes(type))
    .map((resource) => ({ resource, node: nodeOf(resource, description) }));
  const alone: GraphNode[] = [];
  for (const resource of resources) {
    if (nodeTypes.includes(resource.type)) continue;
    const owner = ownerOf(resource, drawn) ?? ownerOfNaming(resource, drawn, resources);
    if (owner === undefined) alone.push(nodeOf(resource, description));
    else owner.node.parts.push({ type: resource.type, name: partName(resource, description) });
  }
  const nodes = [...drawn.map(({ node }) => node), ...alone];
  return { nodes, edges: edgesBetween(nodes, description) };
}

function nodeOf(resource: Resource, description: Description): GraphNode {
  const { type, state, urn } = resource;
  const { executionArn, arn } = state;
  const id = [executionArn, arn].find((one) => typeof one === "string") ?? urn;
  return { id, type, name: partName(resource, description), parts: [] };
}

/** A function is named after project and stack on AWS; a route has a name of its own. */
function partName({ name, inputs }: Resource, { project, stack }: Description): string {
  if ("routeKey" in inputs && typeof inputs.routeKey === "string") return inputs.routeKey;
  return name.replace(`${project}-${stack}-`, "");
}

type Drawn = { resource: Resource; node: GraphNode };

/**
 * Returns the one that a resource names in an input of its own, or else deeper in its inputs, or else the one
 * that names it. A role's policy names the function's role, and deeper what this may use.
 */
function ownerOf({ inputs, state }: Resource, drawn: Drawn[]): Drawn | undefined {
  const among = (texts: unknown[]) =>
    drawn.find(({ resource: { id, state } }) =>
      [id, state.name, state.arn].some((handle) => handle !== undefined && texts.includes(handle)),
    );
  return (
    among(Object.values(inputs)) ??
    among(leavesOf(inputs)) ??
    drawn.find(({ resource }) => names(resource, state))
  );
}

/** Returns the one that all parts belong to which name a resource, as a stage names its log. */
function ownerOfNaming(
  { state }: Resource,
  drawn: Drawn[],
  resources: Resource[],
): Drawn | undefined {
  const naming = resources.filter((other) => names(other, state));
  const [owner, ...others] = new Set(naming.map((part) => ownerOf(part, drawn)));
  return others.length === 0 ? owner : undefined;
}

/** Returns whether the inputs of a resource have the name or the ARN of another. */
function names({ inputs }: Resource, state: Resource["state"]): boolean {
  const handles = [state.name, state.arn].filter((handle) => handle !== undefined);
  return leavesOf(inputs).some((text) => text !== undefined && handles.includes(text));
}

/** Returns every text in the inputs. */
function leavesOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.flatMap(leavesOf);
  return isRecord(value) ? Object.values(value).flatMap(leavesOf) : [value];
}

function edgesBetween(nodes: GraphNode[], description: Description): GraphEdge[] {
  const { webSocketApis, httpApis, eventSourceMappings, queues, functions } = description;
  const routes = [...webSocketApis, ...httpApis].flatMap(({ executionArn, routes }) =>
    routes.flatMap(({ integration, authorization }) => [
      { from: executionArn, to: integration.functionArn, how: "invokes" },
      ...(authorization.type === "request"
        ? [{ from: executionArn, to: authorization.functionArn, how: "asks" }]
        : []),
    ]),
  );
  const mappings = eventSourceMappings.map(({ queueArn, functionArn }) => ({
    ...{ from: queueArn, to: functionArn, how: "invokes" },
  }));
  const redrives = queues.flatMap(({ arn, redrive }) =>
    redrive ? [{ from: arn, to: redrive.deadLetterQueueArn, how: "gives up to" }] : [],
  );
  const permissions = functions.flatMap(({ arn, role }) =>
    role.statements
      .filter(({ effect }) => effect === "Allow")
      .flatMap(({ actions, resources }) =>
        resources.flatMap((to) => actions.map((how) => ({ from: arn, to, how }))),
      ),
  );
  return merged([...routes, ...mappings, ...redrives, ...permissions], nodes);
}

/** Makes one edge of all that lead from one node to another; what is in a node counts as the node. */
function merged(edges: GraphEdge[], nodes: GraphNode[]): GraphEdge[] {
  const byEnds = new Map<string, { from: string; to: string; hows: Set<string> }>();
  for (const { from, to, how } of edges) {
    const node = nodes.find(({ id }) => to === id || to.startsWith(`${id}/`));
    if (node === undefined) continue;
    const ends = `${from} ${node.id}`;
    const edge = byEnds.get(ends) ?? { from, to: node.id, hows: new Set() };
    byEnds.set(ends, edge);
    edge.hows.add(how);
  }
  return [...byEnds.values()].map(({ hows, ...ends }) => ({ ...ends, how: [...hows].join(", ") }));
}

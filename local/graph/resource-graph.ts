/** The resources that `pulumi up` would build, in plain values, as one looks at them. */
export type ResourceGraph = { nodes: GraphNode[]; edges: GraphEdge[] };

/** A resource that others belong to: an API, a function, a table, a queue. */
export type GraphNode = {
  /** Its ARN; that of an API is its execution ARN. */
  id: string;
  /** As in `aws:lambda/function:Function`. */
  type: string;
  name: string;
  /** The resources that belong to it, as its role or its routes. */
  parts: { type: string; name: string }[];
};

/** That one resource reaches another, and how: `invokes`, or the actions that a role allows. */
export type GraphEdge = { from: string; to: string; how: string };

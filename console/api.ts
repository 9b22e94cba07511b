/** What the console's page and its server say to each other. */

/** `GET /api/stack` */
export type StackInfo = {
  name: string;
  /** `wss://<host>/<stage>`. */
  websocketUrl: string;
  /** `https://<host>/<stage>/`. */
  httpUrl: string;
  auth: Auth;
  /** Whether it runs on this machine: only then there are events, faults and a graph. */
  isLocal: boolean;
};

export type Auth = "none" | "iam" | "jwt";

/** The two kinds of client. */
export type Protocol = "plain" | "channels.v1";

/** `POST /api/handshake` asks how to connect, */
export type HandshakeRequest = {
  channels: string[];
  protocol: Protocol;
  /** Who connects; only a stack with `auth: none` believes it. */
  member?: string | undefined;
};
/** and is told what to give to `new WebSocket()`. */
export type Handshake = { url: string; protocols: string[] };

/** `GET /api/events`, as server-sent events. Times are milliseconds since the epoch. */
export type ConsoleEvent =
  | { type: "log"; functionName: string; line: string; time: number }
  | { type: "refused"; caller: string; action: string; resource: string; why: string; time: number }
  | ({ type: "way" } & Way);

/** What has been used since the last publish began. */
export type Way = {
  /** As in `POST /channels/{channel}/messages`; `publish` for a client's frame. */
  route: string;
  /** Who has used what, by the ARNs of nodes of the graph. */
  steps: { from: string; to: string }[];
};

/** `GET` and `PUT /api/faults`; of `PUT` only `chosen` counts. */
export type FaultsInfo = {
  /** As in `post:429`. */
  kinds: readonly string[];
  /** Each with its share of the requests, as in `post:429:10%`. */
  chosen: string[];
};

/** What the server answers where it cannot do what is asked. */
export type Failure = { message: string };

/** `GET /api/figures` answers an array of these: what the program's dashboard shows. */
export type { Figure } from "../local/cloudwatch/figures.ts";

/** `GET /api/graph` */
export type { GraphEdge, GraphNode, ResourceGraph } from "../local/graph/resource-graph.ts";

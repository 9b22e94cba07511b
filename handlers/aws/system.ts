import { systemClock, type Clock } from "./clock.ts";
import { openConnections, type Connections } from "./connections.ts";
import { readEnvironment, type Auth } from "./environment.ts";
import { openQueue, type Queue } from "./queue.ts";
import { openTable, type Table } from "./table.ts";

/** What the functions work on, and what the stack has chosen. */
export type System = {
  table: Table;
  connections: Connections;
  /** Takes the jobs that a function cannot do itself. */
  deliveries: Queue;
  /** Takes the jobs that nobody could do. */
  deadLetters: Queue;
  clock: Clock;
  /** The name of the project. */
  name: string;
  /** `wss://<host>/<stage>`. */
  websocketUrl: string;
  auth: Auth;
  defaultChannel: string;
  /** Posts at the same time. */
  deliveryConcurrency: number;
  /** Subscribers that a publish serves itself; the others go to the queue. */
  inlineRecipients: number;
  /** Seconds for which a message is kept; 0 keeps none. */
  historySeconds: number;
  /** Bytes that a message may take with its envelope. */
  maxMessageBytes: number;
  /** Members of a channel that are told one by one; above that there are counts only. */
  presenceLimit: number;
  /** Seconds for which a member that has no connection left may come back before it has left. */
  graceSeconds: number;
  /** Whether connections can be subscribed to prefixes. */
  prefixSubscriptions: boolean;
};

/** Milliseconds that @connections has to answer a post; it takes about ten. */
const postMilliseconds = 3_000;

/** Reads the environment and makes the clients. Throws an Error that names each variable at fault. */
export function openSystem(): System {
  const variables = readEnvironment(
    "POWERTOOLS_SERVICE_NAME",
    "STACK_NAME",
    "TABLE_NAME",
    "CONNECTIONS_ENDPOINT",
    "WEBSOCKET_URL",
    "DELIVERY_QUEUE_URL",
    "DEAD_LETTER_QUEUE_URL",
    "DELIVERY_CONCURRENCY",
    "INLINE_RECIPIENTS",
    "AUTH",
    "DEFAULT_CHANNEL",
    "HISTORY_SECONDS",
    "MAX_MESSAGE_BYTES",
    "PRESENCE_LIMIT",
    "PRESENCE_GRACE_SECONDS",
    "PREFIX_SUBSCRIPTIONS",
    "AWS_REGION",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
  );
  const clock = systemClock;
  return {
    table: openTable(variables.TABLE_NAME, clock),
    connections: openConnections({
      endpoint: variables.CONNECTIONS_ENDPOINT,
      region: variables.AWS_REGION,
      credentials: {
        accessKeyId: variables.AWS_ACCESS_KEY_ID,
        secretAccessKey: variables.AWS_SECRET_ACCESS_KEY,
        sessionToken: variables.AWS_SESSION_TOKEN,
      },
      maxPosts: variables.DELIVERY_CONCURRENCY,
      postMilliseconds,
      clock,
    }),
    deliveries: openQueue(variables.DELIVERY_QUEUE_URL),
    deadLetters: openQueue(variables.DEAD_LETTER_QUEUE_URL),
    clock,
    name: variables.POWERTOOLS_SERVICE_NAME,
    websocketUrl: variables.WEBSOCKET_URL,
    auth: variables.AUTH,
    defaultChannel: variables.DEFAULT_CHANNEL,
    deliveryConcurrency: variables.DELIVERY_CONCURRENCY,
    inlineRecipients: variables.INLINE_RECIPIENTS,
    historySeconds: variables.HISTORY_SECONDS,
    maxMessageBytes: variables.MAX_MESSAGE_BYTES,
    presenceLimit: variables.PRESENCE_LIMIT,
    graceSeconds: variables.PRESENCE_GRACE_SECONDS,
    prefixSubscriptions: variables.PREFIX_SUBSCRIPTIONS,
  };
}

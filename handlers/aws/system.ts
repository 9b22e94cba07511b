import { readEnvironment } from "./environment.ts";
import { openPosts } from "./connections.ts";
import type { Post } from "./connections.ts";
import { openQueue } from "./queue.ts";
import type { Queue } from "./queue.ts";
import { openTable } from "./table.ts";
import type { Table } from "./table.ts";
import { systemTime } from "./clock.ts";
import type { Time } from "./clock.ts";

/** What the functions work on. */
export type System = {
  table: Table;
  post: Post;
  /** Takes what a function cannot deliver itself. */
  deliveries: Queue;
  time: Time;
  /** Posts at the same time. */
  concurrency: number;
  /** Recipients that a publish serves itself; the others go to the queue. */
  inlineRecipients: number;
  defaultChannel: string;
  /** For how long a message is kept; 0 keeps none. */
  historySeconds: number;
  /** What a message may take with its envelope; API Gateway delivers 128 KB. */
  maximumMessageBytes: number;
};

/** Milliseconds that @connections has to answer a post; it takes about ten. */
const postMilliseconds = 3_000;

/** Reads the environment and makes the clients. Throws an Error that names what is missing. */
export function openSystem(): System {
  const environment = readEnvironment(
    "TABLE_NAME",
    "CONNECTIONS_ENDPOINT",
    "DELIVERY_QUEUE_URL",
    "DELIVERY_CONCURRENCY",
    "INLINE_RECIPIENTS",
    "DEFAULT_CHANNEL",
    "HISTORY_SECONDS",
    "MAXIMUM_MESSAGE_BYTES",
  );
  // Lambda sets these itself.
  const { AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } =
    readEnvironment(
      "AWS_REGION",
      "AWS_ACCESS_KEY_ID",
      "AWS_SECRET_ACCESS_KEY",
      "AWS_SESSION_TOKEN",
    );
  const concurrency = Number(environment.DELIVERY_CONCURRENCY);
  const { post } = openPosts({
    endpoint: environment.CONNECTIONS_ENDPOINT,
    region: AWS_REGION,
    credentials: {
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      sessionToken: AWS_SESSION_TOKEN,
    },
    concurrency,
    milliseconds: postMilliseconds,
    time: systemTime,
  });
  return {
    table: openTable(environment.TABLE_NAME),
    post,
    deliveries: openQueue(environment.DELIVERY_QUEUE_URL),
    time: systemTime,
    concurrency,
    inlineRecipients: Number(environment.INLINE_RECIPIENTS),
    defaultChannel: environment.DEFAULT_CHANNEL,
    historySeconds: Number(environment.HISTORY_SECONDS),
    maximumMessageBytes: Number(environment.MAXIMUM_MESSAGE_BYTES),
  };
}

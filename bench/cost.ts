import { prices } from "./prices.ts";
import { queueUseOf } from "./queue-use.ts";
import { readsOf, writeUnitsOf } from "./table-use.ts";

/** The cost of one publish if nobody is gone and nothing is sent again. */
export type Cost = {
  /** Requests to DynamoDB. */
  tableRequests: number;
  readUnits: number;
  writeUnits: number;
  /** Requests to SQS, as they are billed. */
  queueRequests: number;
  /** Requests to @connections. */
  posts: number;
  /** Of all functions together. */
  functionMilliseconds: number;
  /** Without free tiers, logs, and data that is sent to the internet. */
  dollars: number;
};

export type PublishOptions = {
  /** Bytes of the text that is published. Defaults to 100. */
  messageBytes?: number;
  /** Defaults to `test`, as `defaultChannel` does. */
  channel?: string;
  /** Subscribers that a publish serves itself. Defaults to 1,000, as `inlineRecipients` does. */
  inlineRecipients?: number;
};

/** The memory that infra gives a function, and the memory at which a function has a whole CPU. */
const functionMegabytes = 512;
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
const cpuMegabytes = 1_769;

/** Milliseconds of a whole CPU for each subscriber: to read and queue it, and to post to it. */
const readCpu = 0.015;
const postCpu = 0.1;

/** Milliseconds for which a function waits for the table and the queue. */
const invocationMilliseconds = 20;

export function costOfPublish(subscribers: number, options: PublishOptions = {}): Cost {
  const { messageBytes = 100, channel = "test", inlineRecipients = 1_000 } = options;
  const reads = readsOf(subscribers, channel);
  const writeUnits = writeUnitsOf(messageBytes, channel);
  const queue = queueUseOf(Math.max(0, subscribers - inlineRecipients), messageBytes, channel);
  const invocations = 1 + queue.fanouts;
  const functionMilliseconds =
    invocations * invocationMilliseconds + elapsed(subscribers * (readCpu + postCpu));
  const gigabyteSeconds = (functionMilliseconds / 1_000) * (functionMegabytes / 1_024);
  return {
    tableRequests: 2 + reads.pages,
    readUnits: reads.units,
    writeUnits,
    queueRequests: queue.requests,
    posts: subscribers,
    functionMilliseconds,
    dollars:
      prices.httpRequest +
      subscribers * Math.ceil(messageBytes / 32_768) * prices.webSocketMessage +
      reads.units * prices.readUnit +
      writeUnits * prices.writeUnit +
      queue.requests * prices.queueRequest +
      invocations * prices.invocation +
      gigabyteSeconds * prices.gigabyteSecond,
  };
}

/** Returns the milliseconds until a publish is answered: it reads all subscribers, and queues the rest. */
export function publishMilliseconds(subscribers: number, inlineRecipients = 1_000): number {
  const inline = Math.min(subscribers, inlineRecipients);
  return invocationMilliseconds + elapsed(subscribers * readCpu + inline * postCpu);
}

/** Returns the subscribers of the largest channel whose publish is answered within `milliseconds`. */
export function subscribersWithin(milliseconds: number): number {
  const fixed = publishMilliseconds(1_000) - elapsed(1_000 * readCpu);
  return Math.floor((milliseconds - fixed) / elapsed(readCpu));
}

/** Returns the milliseconds that a function takes for `cpu` milliseconds of a whole CPU. */
function elapsed(cpu: number): number {
  return (cpu * cpuMegabytes) / functionMegabytes;
}

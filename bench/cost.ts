import { prices } from "../infra/prices.ts";
import { rangeUseOf } from "./range-use.ts";
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
  invocations: number;
  /** Likewise. */
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

/** Milliseconds of a whole CPU for each subscriber: to read it and to post to it. */
const postCpu = 0.1;

/** Milliseconds for which a function waits for the table and the queue. */
const invocationMilliseconds = 20;

export function costOfPublish(subscribers: number, options: PublishOptions = {}): Cost {
  const { messageBytes = 100, channel = "test", inlineRecipients: inline = 1_000 } = options;
  const reads = readsOf(subscribers, inline, channel);
  const ranges = rangeUseOf(subscribers, inline, messageBytes, channel);
  const readUnits = reads + ranges.readUnits;
  const writeUnits = writeUnitsOf(messageBytes, channel) + ranges.writeUnits;
  const invocations = 1 + ranges.jobs;
  const functionMilliseconds =
    invocations * invocationMilliseconds + elapsed(subscribers * postCpu);
  const gigabyteSeconds = (functionMilliseconds / 1_000) * (functionMegabytes / 1_024);
  return {
    tableRequests: 3 + ranges.tableRequests,
    readUnits,
    writeUnits,
    queueRequests: ranges.queueRequests,
    posts: subscribers,
    invocations,
    functionMilliseconds,
    dollars:
      prices.httpRequest +
      subscribers * Math.ceil(messageBytes / 32_768) * prices.webSocketMessage +
      readUnits * prices.readUnit +
      writeUnits * prices.writeUnit +
      ranges.queueRequests * prices.queueRequest +
      invocations * prices.invocation +
      gigabyteSeconds * prices.gigabyteSecond,
  };
}

/** Returns the milliseconds until a publish is answered: it serves some, and leaves the others. */
export function publishMilliseconds(subscribers: number, inlineRecipients = 1_000): number {
  return invocationMilliseconds + elapsed(Math.min(subscribers, inlineRecipients) * postCpu);
}

/** Returns the milliseconds that a function takes for `cpu` milliseconds of a whole CPU. */
function elapsed(cpu: number): number {
  return (cpu * cpuMegabytes) / functionMegabytes;
}

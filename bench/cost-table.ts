import { costOfPublish, publishMilliseconds } from "./cost.ts";
import { shardsOf } from "./table-use.ts";

/** The cells of a table in docs/architecture.md, its head first. */
export type Cells = string[][];

/** What a publish serves itself by default. */
const inlineRecipients = 1_000;

const sizes = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];

/** Returns what one publish of 100 bytes on the channel `test` costs. */
export function costTable(): Cells {
  const rows = sizes.map((size) => {
    const cost = costOfPublish(size);
    return [
      count(size),
      count(cost.tableRequests),
      count(cost.readUnits),
      count(cost.writeUnits),
      count(cost.queueRequests),
      count(cost.posts),
      count(cost.functionMilliseconds),
      cost.dollars.toLocaleString("en-US", { maximumSignificantDigits: 3 }),
    ];
  });
  const table = ["DynamoDB requests", "Read units", "Write units"];
  return [["Subscribers", ...table, "SQS requests", "Posts", "Function ms", "Dollars"], ...rows];
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
const requestsPerSecond = 10_000;
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
const connectionsPerSecond = 500;
const connectionSeconds = 2 * 60 * 60;
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html
const readUnitsPerSecond = 3_000;
const writeUnitsPerSecond = 1_000;
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const instances = 1_000;
const timeoutMilliseconds = 29_000;

/** Returns the quotas that a growing channel meets, at which size, and what to do then. */
export function quotaTable(): Cells {
  const largest = 1_000_000;
  const shards = shardsOf(largest, inlineRecipients);
  const cost = costOfPublish(largest);
  const publishes = Math.floor(readUnitsPerSecond / (cost.readUnits / shards));
  const small = costOfPublish(100).functionMilliseconds;
  return [
    ["Quota", "By default", "Met with", "More"],
    [
      "API Gateway requests of the account, posts among them",
      `${count(requestsPerSecond)} per second, 5,000 at once`,
      `one publish per second to ${count(requestsPerSecond)} subscribers; a message takes ${count(largest / requestsPerSecond)} s to reach ${count(largest)}`,
      'Service Quotas, Amazon API Gateway, "Throttle rate"; AWS raises the burst with it',
    ],
    [
      "New WebSocket connections of the account",
      `${count(connectionsPerSecond)} per second`,
      `${count(largest)} subscribers, who take ${count(largest / connectionsPerSecond / 60)} minutes to connect; ${count(connectionsPerSecond * connectionSeconds)} who connect again every 2 hours`,
      'Service Quotas, Amazon API Gateway, "New connections per second"',
    ],
    [
      "Time of a function that API Gateway waits for",
      `${count(timeoutMilliseconds / 1_000)} s`,
      `no number of subscribers: a publish serves ${count(inlineRecipients)}, in ${count(publishMilliseconds(largest))} ms, and hands on ranges of the others`,
      "fixed",
    ],
    [
      "Reads of a DynamoDB partition",
      `${count(readUnitsPerSecond)} units per second`,
      `${count(publishes)} publishes per second to ${count(largest)} subscribers on ${count(shards)} shards`,
      "fixed; spread what is published over channels",
    ],
    [
      "Writes of a DynamoDB partition",
      `${count(writeUnitsPerSecond)} units per second`,
      `${count(writeUnitsPerSecond)} publishes per second on one channel, whatever its size`,
      "fixed; spread what is published over channels; those of a root have 8 partitions",
    ],
    [
      "Lambda instances of the account",
      count(instances),
      `${count((instances * 1_000) / small)} publishes per second to 100 subscribers each`,
      'Service Quotas, AWS Lambda, "Concurrent executions"',
    ],
  ];
}

function count(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

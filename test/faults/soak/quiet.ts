import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { LocalStack } from "../../../local/cli/stack.ts";
import type { Row } from "./check-rows.ts";
import type { JumpClock } from "./jump-clock.ts";

const connectingMilliseconds = 16_000;
const stepMilliseconds = 100;
const jumpMilliseconds = 2_000;

// A signature is good for five minutes of the services' clock, and the functions have the machine's.
const maxAhead = 4 * 60_000;

/**
 * Waits until the queue has nothing left to deliver, and puts the clock forward meanwhile, for what is
 * to be tried again later. Returns whether it came to that.
 */
export async function untilQuiet(queues: LocalStack["queues"], clock: JumpClock): Promise<boolean> {
  const idle = queues.idle().then(() => true);
  // Until then a client that is gone may be connecting, for all that the functions know.
  if (await Promise.race([idle, sleep(connectingMilliseconds, false)])) return true;
  while (clock.ahead < maxAhead) {
    if (await Promise.race([idle, sleep(stepMilliseconds, false)])) return true;
    clock.jump(jumpMilliseconds);
  }
  return false;
}

/** Every item of a connection and of a subscription. */
export async function readRows({ dynamoDb, outputs }: LocalStack): Promise<Row[]> {
  const { endpoint, region, credentials } = dynamoDb;
  const client = new DynamoDBClient({ endpoint, region, credentials });
  const rows: Row[] = [];
  const input = { TableName: String(outputs.tableName), ConsistentRead: true };
  for await (const { Items = [] } of paginateScan({ client }, input)) {
    for (const { pk, sk, channels } of Items) {
      const [kind = "", rest = ""] = (pk?.S ?? "").split(/#(.*)/s);
      const isConnection = kind === "connection";
      if (isConnection) {
        rows.push({ connectionId: rest, shardKeys: channels?.SS ?? [], isConnection });
      } else if (kind === "channel") {
        rows.push({ connectionId: sk?.S ?? "", shardKeys: [rest], isConnection });
      }
    }
  }
  client.destroy();
  return rows;
}

/** Messages in the dead-letter queues. */
export async function deadLetters({ description, queues }: LocalStack): Promise<number> {
  const { endpoint, region, credentials } = queues;
  const client = new SQSClient({ endpoint, region, credentials });
  let sum = 0;
  for (const { redrive } of description.queues) {
    const dead = description.queues.find(({ arn }) => arn === redrive?.deadLetterQueueArn);
    if (dead === undefined) continue;
    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({
        ...{ QueueUrl: dead.url, AttributeNames: ["ApproximateNumberOfMessages"] },
      }),
    );
    sum += Number(Attributes?.ApproximateNumberOfMessages ?? 0);
  }
  client.destroy();
  return sum;
}

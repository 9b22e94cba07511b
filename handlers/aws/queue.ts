import { SQSClient, SendMessageBatchCommand } from "@aws-sdk/client-sqs";
import { writeJob } from "../delivery/job.ts";
import type { Job } from "../delivery/job.ts";

/** A queue that takes jobs. */
export type Queue = { client: SQSClient; url: string };

/** Makes the client when it is first used: most instances never are that busy. */
export function openQueue(url: string): Queue {
  let client: SQSClient | undefined;
  return {
    get client() {
      return (client ??= new SQSClient({}));
    },
    url,
  };
}

// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html
const batchEntries = 10;
const batchBytes = 262_144;

/**
 * Sends jobs, as many in a request as SQS takes, to be received after so many seconds.
 * Throws where SQS does not take every one of them.
 */
export async function sendJobs(queue: Queue, jobs: Job[], delaySeconds = 0): Promise<void> {
  let bodies: string[] = [];
  let bytes = 0;
  for (const body of jobs.map(writeJob)) {
    // A job is ASCII: its length is its size.
    if (bodies.length === batchEntries || bytes + body.length > batchBytes) {
      await send(queue, bodies, delaySeconds);
      bodies = [];
      bytes = 0;
    }
    bodies.push(body);
    bytes += body.length;
  }
  if (bodies.length > 0) await send(queue, bodies, delaySeconds);
}

async function send({ client, url }: Queue, bodies: string[], delay: number): Promise<void> {
  const { Failed = [] } = await client.send(
    new SendMessageBatchCommand({
      QueueUrl: url,
      Entries: bodies.map((body, index) => ({
        Id: String(index),
        MessageBody: body,
        DelaySeconds: delay,
      })),
    }),
  );
  const [first] = Failed;
  if (first !== undefined) {
    throw new Error(
      `SQS did not take ${Failed.length} of ${bodies.length} jobs: ${first.Code ?? ""} ${first.Message ?? ""}`,
    );
  }
}

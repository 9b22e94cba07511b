import type { SQSClientConfig } from "@aws-sdk/client-sqs";
import { whenAsked } from "./when-asked.ts";

/** A queue that takes messages. */
export type Queue = {
  /**
   * Sends bodies of ASCII text, as many in a request as SQS takes, to be received after so many
   * seconds. Throws where SQS does not take every one of them.
   */
  send(bodies: string[], delaySeconds?: number): Promise<void>;
};

// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html
const maxEntries = 10;
const maxBytes = 262_144;

/**
 * Opens a queue by its URL. Its client is loaded when it first sends: most instances never are that busy.
 * `config` is that of the SDK, for a queue elsewhere than the environment says.
 */
export function openQueue(url: string, config: SQSClientConfig = {}): Queue {
  const sender = whenAsked(async () => (await import("./queue-sender.ts")).openSender(url, config));
  return {
    async send(bodies, delaySeconds = 0) {
      for (const batch of batches(bodies)) {
        const sendBatch = await sender();
        await sendBatch(batch, delaySeconds);
      }
    },
  };
}

function* batches(bodies: string[]): Generator<string[]> {
  let batch: string[] = [];
  let bytes = 0;
  for (const body of bodies) {
    const isFull = batch.length === maxEntries || bytes + body.length > maxBytes;
    if (isFull && batch.length > 0) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(body);
    bytes += body.length;
  }
  if (batch.length > 0) yield batch;
}

import type { SQSClientConfig } from "@aws-sdk/client-sqs";
import { whenAsked } from "./when-asked.ts";

/** A queue that takes messages. */
export type Queue = {
  /**
   * Sends bodies of ASCII text, as many in a request as SQS takes and all requests at the same time, to be
   * received after so many seconds. Throws where SQS does not take every one of them.
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
      if (bodies.length === 0) return;
      const sendBatch = await sender();
      await Promise.all(batches(bodies).map((batch) => sendBatch(batch, delaySeconds)));
    },
  };
}

function batches(bodies: string[]): string[][] {
  const batches: string[][] = [];
  let bytes = 0;
  for (const body of bodies) {
    const batch = batches.at(-1);
    bytes += body.length;
    if (batch !== undefined && batch.length < maxEntries && bytes <= maxBytes) batch.push(body);
    else {
      batches.push([body]);
      bytes = body.length;
    }
  }
  return batches;
}

import { SendMessageBatchCommand, SQSClient, type SQSClientConfig } from "@aws-sdk/client-sqs";

/** Sends what one request to SQS takes. Throws where SQS does not take every one of the bodies. */
export type SendBatch = (bodies: string[], delaySeconds: number) => Promise<void>;

/** Makes the client of a queue. */
export function openSender(url: string, config: SQSClientConfig): SendBatch {
  const client = new SQSClient(config);
  return async (bodies, delaySeconds) => {
    const { Failed = [] } = await client.send(
      new SendMessageBatchCommand({
        QueueUrl: url,
        Entries: bodies.map((body, index) => ({
          Id: String(index),
          MessageBody: body,
          DelaySeconds: delaySeconds,
        })),
      }),
    );
    const [first] = Failed;
    if (first !== undefined) {
      throw new Error(
        `SQS did not take ${Failed.length} of ${bodies.length} messages: ${first.Code ?? ""} ${first.Message ?? ""}`,
      );
    }
  };
}

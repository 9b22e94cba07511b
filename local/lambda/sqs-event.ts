import type { QueueDescription } from "../graph/description.ts";
import { systemAttributes } from "../sqs/message-attributes.ts";
import { md5 } from "../sqs/message-body.ts";
import type { ReceivedMessage } from "../sqs/queue.ts";

/**
 * What a function gets from a queue.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 */
export function sqsEvent(messages: ReceivedMessage[], { arn }: QueueDescription) {
  return {
    Records: messages.map((message) => ({
      messageId: message.id,
      receiptHandle: message.receiptHandle,
      body: message.body,
      attributes: systemAttributes(message),
      messageAttributes: {},
      md5OfBody: md5(message.body),
      eventSource: "aws:sqs",
      eventSourceARN: arn,
      awsRegion: arn.split(":")[3],
    })),
  };
}

import type { Message } from "./message-store.ts";

/** Returns the system attributes of a received message, each as text. */
export function systemAttributes(message: Message): Record<string, string> {
  const { senderId, sentAt, receives, firstReceivedAt, traceHeader, deadLetterSourceArn } = message;
  return {
    SenderId: senderId,
    SentTimestamp: String(sentAt),
    ApproximateReceiveCount: String(receives),
    ApproximateFirstReceiveTimestamp: String(firstReceivedAt),
    ...(traceHeader !== undefined && { AWSTraceHeader: traceHeader }),
    ...(deadLetterSourceArn !== undefined && { DeadLetterQueueSourceArn: deadLetterSourceArn }),
  };
}

/** Returns the attributes that a request names. `All` names every one. */
export function selected(
  attributes: Record<string, string>,
  names: string[],
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(attributes).filter(([name]) => names.includes("All") || names.includes(name)),
  );
}

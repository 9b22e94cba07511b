import type { Message } from "./message-store.ts";

/** The system attributes of a received message, all of them text. */
export function systemAttributes(message: Message): Record<string, string> {
  const { senderId, sentAt, receives, firstReceivedAt, deadLetterSourceArn } = message;
  return {
    SenderId: senderId,
    SentTimestamp: String(sentAt),
    ApproximateReceiveCount: String(receives),
    ApproximateFirstReceiveTimestamp: String(firstReceivedAt),
    ...(deadLetterSourceArn !== undefined && { DeadLetterQueueSourceArn: deadLetterSourceArn }),
  };
}

/** Those of the attributes that a request names; `All` names each. */
export function selected(
  attributes: Record<string, string>,
  names: string[],
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(attributes).filter(([name]) => names.includes("All") || names.includes(name)),
  );
}

import { SqsError } from "./errors.ts";

/** Returns the name of one receive of a message. It is opaque on AWS, and encoded here to look so. */
export function writeReceiptHandle(queueName: string, messageId: string, receives: number): string {
  return Buffer.from(`${queueName} ${messageId} ${receives}`).toString("base64");
}

/** Throws ReceiptHandleIsInvalid if this is not a receipt handle of this queue. */
export function readReceiptHandle(queueName: string, receiptHandle: string) {
  const text = Buffer.from(receiptHandle, "base64").toString();
  const [name, id, receives] = text.split(" ");
  if (name !== queueName || id === undefined || receives === undefined) {
    throw new SqsError(
      "ReceiptHandleIsInvalid",
      `The input receipt handle "${receiptHandle}" is not a valid receipt handle.`,
    );
  }
  return { id, receives: Number(receives) };
}

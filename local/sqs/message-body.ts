import { createHash } from "node:crypto";
import { SqsError } from "./errors.ts";

// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
const characters = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;

/** Throws an SqsError if a body is too long for its queue, or has a character that SQS refuses. */
export function checkBody(body: string, maxBytes: number): void {
  if (Buffer.byteLength(body) > maxBytes) {
    throw new SqsError(
      "InvalidParameterValue",
      `One or more parameters are invalid. Reason: Message must be shorter than ${maxBytes} bytes.`,
    );
  }
  if (!characters.test(body)) {
    throw new SqsError(
      "InvalidMessageContents",
      "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF",
    );
  }
}

/** Returns the digest of a body in hexadecimal, as SQS has it. */
export function md5(body: string): string {
  return createHash("md5").update(body).digest("hex");
}

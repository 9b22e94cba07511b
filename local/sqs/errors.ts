import type { Refusal } from "../shared/access.ts";

/** A response of SQS in the JSON protocol. */
export type SqsAnswer = {
  status: number;
  body: object;
  /** The header of an error: its code and its fault, as in `InvalidParameterValue;Sender`. */
  queryError?: string;
};

const sqs = "com.amazonaws.sqs#";
const common = "com.amazon.coral.service#";
const inNamespace = (name: string) => ({
  type: sqs + name,
  code: `AWS.SimpleQueueService.${name}`,
});

// `type` is what the body has, `code` what the older query protocol has for the same error:
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html
const errors = {
  BatchEntryIdsNotDistinct: inNamespace("BatchEntryIdsNotDistinct"),
  BatchRequestTooLong: inNamespace("BatchRequestTooLong"),
  EmptyBatchRequest: inNamespace("EmptyBatchRequest"),
  InvalidAddress: { type: `${sqs}InvalidAddress`, code: "InvalidAddress" },
  InvalidAttributeName: { type: `${sqs}InvalidAttributeName`, code: "InvalidAttributeName" },
  InvalidBatchEntryId: inNamespace("InvalidBatchEntryId"),
  InvalidMessageContents: { type: `${sqs}InvalidMessageContents`, code: "InvalidMessageContents" },
  InvalidParameterValue: {
    type: `${common}InvalidParameterValueException`,
    code: "InvalidParameterValue",
  },
  MessageNotInflight: inNamespace("MessageNotInflight"),
  MissingParameter: {
    type: `${common}MissingRequiredParameterException`,
    code: "MissingParameter",
  },
  PurgeQueueInProgress: inNamespace("PurgeQueueInProgress"),
  QueueDoesNotExist: {
    type: `${sqs}QueueDoesNotExist`,
    code: "AWS.SimpleQueueService.NonExistentQueue",
  },
  ReceiptHandleIsInvalid: { type: `${sqs}ReceiptHandleIsInvalid`, code: "ReceiptHandleIsInvalid" },
  SerializationException: {
    type: `${common}SerializationException`,
    code: "SerializationException",
  },
  TooManyEntriesInBatchRequest: inNamespace("TooManyEntriesInBatchRequest"),
  UnsupportedOperation: inNamespace("UnsupportedOperation"),
};

const refusals = {
  "missing-token": {
    type: `${common}MissingAuthenticationTokenException`,
    code: "MissingAuthenticationToken",
  },
  "unrecognized-client": {
    type: `${common}UnrecognizedClientException`,
    code: "InvalidClientTokenId",
  },
  "invalid-signature": {
    type: `${common}InvalidSignatureException`,
    code: "SignatureDoesNotMatch",
  },
  "access-denied": { type: `${common}AccessDeniedException`, code: "AccessDenied" },
};

/** Thrown if SQS refuses a request for what it says. */
export class SqsError extends Error {
  /** As in `AWS.SimpleQueueService.NonExistentQueue`. */
  readonly code: string;
  readonly #kind: keyof typeof errors;

  constructor(kind: keyof typeof errors, message: string) {
    super(message);
    this.name = kind;
    this.code = errors[kind].code;
    this.#kind = kind;
  }

  answer(): SqsAnswer {
    const status = this.#kind === "PurgeQueueInProgress" ? 403 : 400;
    return errorAnswer(status, errors[this.#kind], this.message);
  }
}

export function sqsRefusal({ reason, message }: Refusal): SqsAnswer {
  return errorAnswer(403, refusals[reason], message);
}

function errorAnswer(
  status: number,
  { type, code }: { type: string; code: string },
  message: string,
): SqsAnswer {
  return { status, body: { __type: type, message }, queryError: `${code};Sender` };
}

import type { Refusal } from "../shared/access.ts";

/** An answer of SQS, in the JSON protocol. */
export type Answer = {
  status: number;
  body: object;
  /** Code and fault that go beside an error in a header, as in `InvalidParameterValue;Sender`. */
  queryError?: string;
};

const sqs = "com.amazonaws.sqs#";
const common = "com.amazon.coral.service#";
const inNamespace = (name: string) => ({
  type: sqs + name,
  code: `AWS.SimpleQueueService.${name}`,
});

// The type in the body, and the code that the older query protocol has for the same error:
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

/** SQS does not do what it is asked to, for a reason that lies in the request. */
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

  answer(): Answer {
    const status = this.#kind === "PurgeQueueInProgress" ? 403 : 400;
    return failure(status, errors[this.#kind], this.message);
  }
}

export function refusalAnswer({ reason, message }: Refusal): Answer {
  return failure(403, refusals[reason], message);
}

function failure(status: number, { type, code }: { type: string; code: string }, message: string) {
  return { status, body: { __type: type, message }, queryError: `${code};Sender` };
}

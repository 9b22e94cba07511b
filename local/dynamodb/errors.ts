import type { Refusal } from "../shared/access.ts";
import type { DynamoDbFault } from "../shared/faults.ts";
import type { JsonAnswer } from "../shared/aws-json-server.ts";

const refusals = {
  "missing-token": "MissingAuthenticationTokenException",
  "unrecognized-client": "UnrecognizedClientException",
  "invalid-signature": "InvalidSignatureException",
  "access-denied": "AccessDeniedException",
} as const;

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
const faults = {
  ThrottlingException: {
    status: 400,
    type: "com.amazon.coral.availability#ThrottlingException",
    message: "Rate of requests exceeds the allowed throughput.",
  },
  ProvisionedThroughputExceededException: {
    status: 400,
    type: "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",
    message:
      "You exceeded your maximum allowed provisioned throughput for a table or for one or more global secondary indexes.",
  },
  InternalServerError: {
    status: 500,
    type: "com.amazonaws.dynamodb.v20120810#InternalServerError",
    message: "The server encountered an internal error trying to fulfill the request.",
  },
} satisfies Record<DynamoDbFault["type"], { status: number; type: string; message: string }>;

export function dynamoDbRefusal({ reason, message }: Refusal): JsonAnswer {
  const type = `com.amazon.coral.service#${refusals[reason]}`;
  // AWS spells this key with a capital for AccessDeniedException alone.
  const key = reason === "access-denied" ? "Message" : "message";
  return { status: 400, body: JSON.stringify({ __type: type, [key]: message }) };
}

export function dynamoDbFaultAnswer(fault: DynamoDbFault): JsonAnswer {
  const { status, type, message } = faults[fault.type];
  return { status, body: JSON.stringify({ __type: type, message }) };
}

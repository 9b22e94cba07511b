import { recordOf } from "../shared/record.ts";
import { StartError } from "../shared/start-error.ts";
import type { QueueDescription } from "./description.ts";
import type { KnownResource } from "./resource.ts";

type Queue = KnownResource<"aws:sqs/queue:Queue">;

// https://www.pulumi.com/registry/packages/aws/api-docs/sqs/queue/#inputs
const queueDefaults = {
  visibilityTimeoutSeconds: 30,
  messageRetentionSeconds: 345_600,
  delaySeconds: 0,
  maxMessageSize: 262_144,
};

export function describeQueue({ urn, inputs, state }: Queue, queues: Queue[]): QueueDescription {
  if (inputs.fifoQueue === true) {
    throw new StartError(`${urn}: the local stack has only standard queues.`);
  }
  return {
    name: String(state.name),
    arn: String(state.arn),
    url: String(state.url),
    visibilityTimeoutSeconds:
      inputs.visibilityTimeoutSeconds ?? queueDefaults.visibilityTimeoutSeconds,
    messageRetentionSeconds:
      inputs.messageRetentionSeconds ?? queueDefaults.messageRetentionSeconds,
    delaySeconds: inputs.delaySeconds ?? queueDefaults.delaySeconds,
    maxMessageBytes: inputs.maxMessageSize ?? queueDefaults.maxMessageSize,
    ...(inputs.redrivePolicy !== undefined && {
      redrive: describeRedrive(urn, inputs.redrivePolicy, queues),
    }),
  };
}

function describeRedrive(urn: string, json: string, queues: Queue[]) {
  const policy = readPolicy(json);
  const deadLetters = queues.find(({ state }) => state.arn === policy.deadLetterTargetArn);
  if (deadLetters === undefined) {
    throw new StartError(`${urn}: its dead-letter queue is not one of the program's.`);
  }
  const maxReceiveCount = Number(policy.maxReceiveCount);
  if (!Number.isInteger(maxReceiveCount) || maxReceiveCount < 1 || maxReceiveCount > 1000) {
    throw new StartError(`${urn}: its maxReceiveCount is no whole number from 1 to 1000.`);
  }
  return { deadLetterQueueArn: String(deadLetters.state.arn), maxReceiveCount };
}

/** Returns an empty object if the text is not a JSON object. */
function readPolicy(json: string): Record<string, unknown> {
  try {
    return recordOf(JSON.parse(json));
  } catch {
    return {};
  }
}

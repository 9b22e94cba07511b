import { StartError } from "../shared/start-error.ts";
import type {
  EventSourceMappingDescription,
  FunctionDescription,
  QueueDescription,
} from "./description.ts";
import type { KnownResource } from "./resource.ts";

// https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
const defaultBatchSize = 10;

export function describeEventSourceMapping(
  { urn, inputs }: KnownResource<"aws:lambda/eventSourceMapping:EventSourceMapping">,
  queues: QueueDescription[],
  functions: FunctionDescription[],
): EventSourceMappingDescription {
  const queue = queues.find(({ arn }) => arn === inputs.eventSourceArn);
  const fn = functions.find(({ name, arn }) => [name, arn].includes(inputs.functionName));
  if (queue === undefined || fn === undefined) {
    throw new StartError(`${urn}: names no queue, or no function, of the program.`);
  }
  if (inputs.filterCriteria !== undefined) {
    throw new StartError(`${urn}: the local stack evaluates no filterCriteria.`);
  }
  // AWS refuses such a mapping in these words.
  if (queue.visibilityTimeoutSeconds < fn.timeoutSeconds) {
    throw new StartError(
      `${urn}: Queue visibility timeout: ${queue.visibilityTimeoutSeconds} seconds is less than ` +
        `Function timeout: ${fn.timeoutSeconds} seconds`,
    );
  }
  const maxConcurrency = inputs.scalingConfig?.maximumConcurrency;
  return {
    queueArn: queue.arn,
    functionArn: fn.arn,
    batchSize: inputs.batchSize ?? defaultBatchSize,
    ...(maxConcurrency !== undefined && { maxConcurrency }),
    reportBatchItemFailures:
      inputs.functionResponseTypes?.includes("ReportBatchItemFailures") ?? false,
  };
}

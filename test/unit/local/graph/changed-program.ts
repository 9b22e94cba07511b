import { describe as describeResources } from "../../../../local/graph/describe.ts";
import type { Description } from "../../../../local/graph/description.ts";
import type { Resource } from "../../../../local/graph/resource.ts";
import { readStackConfig } from "../../../../local/graph/stack-config.ts";
import { cloud, run } from "../../../support/program.ts";
import { projectFolder } from "../../../support/project-copy.ts";

export const deliveriesArn =
  "arn:aws:sqs:us-east-1:000000000000:websocket-channels-staging-deliveries-local";
export const deadLettersArn =
  "arn:aws:sqs:us-east-1:000000000000:websocket-channels-staging-deliveries-dead-letters-local";
export const fanoutArn =
  "arn:aws:lambda:us-east-1:000000000000:function:websocket-channels-staging-fanout-local";

export const queueType = "aws:sqs/queue:Queue";
export const mappingType = "aws:lambda/eventSourceMapping:EventSourceMapping";

/**
 * Describes the program with these inputs added to its resource of this type whose name ends
 * in `deliveries`. Call it inside `describe`.
 */
export function changedProgram(): (type?: string, inputs?: object) => Promise<Description> {
  let resources: Resource[];
  before(async () => {
    ({ resources } = await run());
  });
  return async (type, inputs = {}) =>
    describeResources(
      await readStackConfig(projectFolder, "staging"),
      cloud,
      resources.map((one) =>
        one.type === type && one.name.endsWith("deliveries")
          ? { ...one, inputs: { ...one.inputs, ...inputs } }
          : one,
      ),
    );
}

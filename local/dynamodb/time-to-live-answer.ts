import type { JsonAnswer } from "../shared/aws-json-server.ts";
import { recordOf } from "../shared/record.ts";
import type { Engine } from "./engine.ts";

/**
 * Answers DescribeTimeToLive and UpdateTimeToLive by `attributes`, which has the attribute of each table
 * with a time to live. dynalite answers if something is wrong with the table's name.
 */
export async function answerTimeToLive(
  { perform }: Engine,
  attributes: Map<string, string>,
  operation: "DescribeTimeToLive" | "UpdateTimeToLive",
  input: unknown,
): Promise<JsonAnswer> {
  const { TableName: table, TimeToLiveSpecification: specification } = recordOf(input);
  const body = Buffer.from(JSON.stringify({ TableName: table }));
  const disabled = await perform("DynamoDB_20120810.DescribeTimeToLive", body);
  if (disabled.status !== 200 || typeof table !== "string") return disabled;

  if (operation === "UpdateTimeToLive") {
    const { AttributeName, Enabled } = recordOf(specification);
    if (typeof AttributeName !== "string") return invalid;
    if (Enabled === true) attributes.set(table, AttributeName);
    else attributes.delete(table);
    return ok({ TimeToLiveSpecification: specification });
  }
  const attribute = attributes.get(table);
  if (attribute === undefined) return disabled;
  const description = { TimeToLiveStatus: "ENABLED", AttributeName: attribute };
  return ok({ TimeToLiveDescription: description });
}

function ok(output: unknown): JsonAnswer {
  return { status: 200, body: JSON.stringify(output) };
}

const invalid: JsonAnswer = {
  status: 400,
  body: JSON.stringify({
    __type: "com.amazon.coral.validate#ValidationException",
    message: "TimeToLiveSpecification must have an AttributeName and Enabled.",
  }),
};

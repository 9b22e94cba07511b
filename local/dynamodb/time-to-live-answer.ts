import type { Answer, Engine } from "./engine.ts";
import { isRecord } from "./resources.ts";

/**
 * Answers DescribeTimeToLive, and UpdateTimeToLive by changing `attributes`, which holds for each table
 * with a time to live the attribute in question. dynalite answers for what is wrong with the table's name.
 */
export async function answerTimeToLive(
  { perform }: Engine,
  attributes: Map<string, string>,
  operation: "DescribeTimeToLive" | "UpdateTimeToLive",
  input: unknown,
): Promise<Answer> {
  const { TableName: table, TimeToLiveSpecification: specification } = isRecord(input) ? input : {};
  const body = Buffer.from(JSON.stringify({ TableName: table }));
  const disabled = await perform("DynamoDB_20120810.DescribeTimeToLive", body);
  if (disabled.status !== 200 || typeof table !== "string") return disabled;

  if (operation === "UpdateTimeToLive") {
    if (!isRecord(specification) || typeof specification.AttributeName !== "string") return invalid;
    if (specification.Enabled === true) attributes.set(table, specification.AttributeName);
    else attributes.delete(table);
    return ok({ TimeToLiveSpecification: specification });
  }
  const attribute = attributes.get(table);
  if (attribute === undefined) return disabled;
  const description = { TimeToLiveStatus: "ENABLED", AttributeName: attribute };
  return ok({ TimeToLiveDescription: description });
}

function ok(output: unknown): Answer {
  return { status: 200, body: JSON.stringify(output) };
}

const invalid: Answer = {
  status: 400,
  body: JSON.stringify({
    __type: "com.amazon.coral.validate#ValidationException",
    message: "TimeToLiveSpecification must have an AttributeName and Enabled.",
  }),
};

import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";

/** Returns what a conditional write gives; undefined where its condition does not hold. */
export async function ifConditionHolds<Result>(
  write: Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await write;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
}

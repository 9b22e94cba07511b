import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Clock } from "./clock.ts";

/** The channel table, and the clock by which its items end. */
export type Table = { name: string; client: DynamoDBClient; clock: Clock };

export function openTable(name: string, clock: Clock): Table {
  return { name, client: new DynamoDBClient({}), clock };
}

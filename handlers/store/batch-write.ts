import { BatchWriteItemCommand, type WriteRequest } from "@aws-sdk/client-dynamodb";
import { sleep } from "../aws/clock.ts";
import type { Table } from "../aws/table.ts";
import { inGroups } from "./groups.ts";

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
const maxRequests = 25;

const maxTries = 8;

/**
 * Writes and deletes items, 25 a request, until DynamoDB has taken all of them.
 * Throws when it still leaves some after 8 tries.
 */
export async function batchWrite(table: Table, requests: WriteRequest[]): Promise<void> {
  for (const batch of inGroups(requests, maxRequests)) await writeBatch(table, batch);
}

async function writeBatch(table: Table, requests: WriteRequest[]): Promise<void> {
  let left = requests;
  for (let tries = 0; tries < maxTries; tries++) {
    if (tries > 0) await sleep(table.clock, Math.random() * 25 * 2 ** tries);
    const command = new BatchWriteItemCommand({ RequestItems: { [table.name]: left } });
    const { UnprocessedItems } = await table.client.send(command);
    left = UnprocessedItems?.[table.name] ?? [];
    if (left.length === 0) return;
  }
  throw new Error(`DynamoDB left ${left.length} of ${requests.length} writes undone.`);
}

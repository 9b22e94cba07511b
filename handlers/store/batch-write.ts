import { setTimeout as sleep } from "node:timers/promises";
import { BatchWriteItemCommand } from "@aws-sdk/client-dynamodb";
import type { WriteRequest } from "@aws-sdk/client-dynamodb";
import type { Table } from "../aws/table.ts";

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
const most = 25;

/**
 * Writes and deletes items, 25 a request, until DynamoDB has taken all of them.
 * Throws when it still leaves some after 8 tries.
 */
export async function batchWrite(table: Table, requests: WriteRequest[]): Promise<void> {
  for (let start = 0; start < requests.length; start += most) {
    await writeOne(table, requests.slice(start, start + most));
  }
}

async function writeOne(table: Table, requests: WriteRequest[]): Promise<void> {
  let left = requests;
  for (let tries = 0; tries < 8; tries++) {
    if (tries > 0) await sleep(Math.random() * 25 * 2 ** tries);
    const command = new BatchWriteItemCommand({ RequestItems: { [table.name]: left } });
    const { UnprocessedItems } = await table.client.send(command);
    left = UnprocessedItems?.[table.name] ?? [];
    if (left.length === 0) return;
  }
  throw new Error(`DynamoDB left ${left.length} of ${requests.length} writes undone.`);
}

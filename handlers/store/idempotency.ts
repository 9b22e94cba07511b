import { createHash } from "node:crypto";
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import { epochSeconds, sleep } from "../aws/clock.ts";
import type { Table } from "../aws/table.ts";
import type { Content } from "../protocol/content.ts";
import { idempotencyKeyForm } from "../protocol/limits.ts";
import { Problem } from "../protocol/problem.ts";
import type { Key } from "./keys.ts";

/** Seconds for which a repeat gets the first answer. */
const answerSeconds = 24 * 60 * 60;

/** Seconds for which a request without an answer counts as under way: longer than any function runs. */
const underWaySeconds = 60;

/** How often a repeat looks whether the first request has its answer: 20 seconds in all. */
const maxLooks = 200;
const lookMilliseconds = 100;

/**
 * Does `act` once for all requests to a channel with the same key, and gives all of them its answer.
 * Where `act` throws, nothing is remembered, and a repeat does it anew.
 * Throws a Problem for a key that no header should have, that came with other content before, or
 * whose first request has no answer for too long.
 */
export async function once<Answer>(
  table: Table,
  { channel, key, content }: { channel: string; key: string; content: Content },
  act: () => Promise<Answer>,
): Promise<Answer> {
  if (!idempotencyKeyForm.test(key)) {
    throw new Problem(
      "invalid-idempotency-key",
      "An Idempotency-Key is 1 to 255 visible ASCII characters.",
    );
  }
  const item = requestItem(table, channel, key, content);
  for (let look = 0; look < maxLooks; look++) {
    if (await item.begin()) {
      try {
        const answer = await act();
        await item.end(answer);
        return answer;
      } catch (error) {
        await item.drop();
        throw error;
      }
    }
    const answer = await item.answer();
    if (answer !== undefined) return JSON.parse(answer) as Answer;
    await sleep(table.clock, lookMilliseconds);
  }
  throw new Problem(
    "request-in-progress",
    "A request with this Idempotency-Key is still under way: repeat this one later.",
  );
}

function requestItem(table: Table, channel: string, key: string, content: Content) {
  const Key: Key = { pk: { S: `request#${channel}` }, sk: { S: key } };
  const fingerprint = createHash("sha256").update(JSON.stringify(content)).digest("base64");
  const attributes = (forSeconds: number) => ({
    ...Key,
    fingerprint: { S: fingerprint },
    expiresAt: { N: String(epochSeconds(table.clock) + forSeconds) },
  });
  return {
    /** Returns whether this is the first request with the key. */
    async begin(): Promise<boolean> {
      const put = new PutItemCommand({
        TableName: table.name,
        Item: attributes(underWaySeconds),
        ConditionExpression: "attribute_not_exists(pk) OR expiresAt <= :now",
        ExpressionAttributeValues: { ":now": { N: String(epochSeconds(table.clock)) } },
      });
      try {
        await table.client.send(put);
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },
    async end(answer: unknown): Promise<void> {
      const Item = { ...attributes(answerSeconds), answer: { S: JSON.stringify(answer) } };
      await table.client.send(new PutItemCommand({ TableName: table.name, Item }));
    },
    async drop(): Promise<void> {
      await table.client.send(new DeleteItemCommand({ TableName: table.name, Key }));
    },
    /** Returns the first request's answer, as JSON; undefined while it has none. */
    async answer(): Promise<string | undefined> {
      const { Item } = await table.client.send(
        new GetItemCommand({ TableName: table.name, Key, ConsistentRead: true }),
      );
      if (Item !== undefined && Item.fingerprint?.S !== fingerprint) {
        throw new Problem(
          "idempotency-key-reused",
          "This Idempotency-Key came with another body before: take a new key for a new message.",
        );
      }
      return Item?.answer?.S;
    },
  };
}

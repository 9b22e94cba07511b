import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import type { Content } from "../protocol/content.ts";
import { Problem } from "../protocol/problem.ts";
import { seconds } from "../aws/table.ts";
import type { Key, Table } from "../aws/table.ts";

/** For how long a repeat gets the first answer. */
const answerSeconds = 24 * 60 * 60;

/** For how long a request without an answer counts as under way: longer than any function runs. */
const underWaySeconds = 60;

/** How often to look whether the first request has its answer: 20 seconds in all. */
const looks = 200;
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
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw new Problem(
      "invalid-idempotency-key",
      "An Idempotency-Key is 1 to 255 visible ASCII characters.",
    );
  }
  const request = requestItem(table, channel, key, content);
  for (let look = 0; look < looks; look++) {
    if (await request.begin()) {
      try {
        const answer = await act();
        await request.end(answer);
        return answer;
      } catch (error) {
        await request.forget();
        throw error;
      }
    }
    const answer = await request.answer();
    if (answer !== undefined) return JSON.parse(answer) as Answer;
    await sleep(lookMilliseconds);
  }
  throw new Problem(
    "request-in-progress",
    "A request with this Idempotency-Key is still under way: repeat this one later.",
  );
}

function requestItem(table: Table, channel: string, key: string, content: Content) {
  const Key: Key = { pk: { S: `request#${channel}` }, sk: { S: key } };
  const fingerprint = createHash("sha256").update(JSON.stringify(content)).digest("base64");
  const item = (forSeconds: number) => ({
    ...Key,
    fingerprint: { S: fingerprint },
    expiresAt: { N: String(seconds() + forSeconds) },
  });
  return {
    /** Whether this is the first request with the key. */
    async begin(): Promise<boolean> {
      const put = new PutItemCommand({
        TableName: table.name,
        Item: item(underWaySeconds),
        ConditionExpression: "attribute_not_exists(pk) OR expiresAt <= :now",
        ExpressionAttributeValues: { ":now": { N: String(seconds()) } },
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
      const Item = { ...item(answerSeconds), answer: { S: JSON.stringify(answer) } };
      await table.client.send(new PutItemCommand({ TableName: table.name, Item }));
    },
    async forget(): Promise<void> {
      await table.client.send(new DeleteItemCommand({ TableName: table.name, Key }));
    },
    /** The first request's answer, as JSON; undefined while it has none. */
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

import { createHash, randomUUID } from "node:crypto";
import { PutItemCommand, UpdateItemCommand, type AttributeValue } from "@aws-sdk/client-dynamodb";
import { epochSeconds } from "../aws/clock.ts";
import type { Table } from "../aws/table.ts";
import { ifConditionHolds } from "./condition.ts";
import { findItem, type Key } from "./keys.ts";

/** Seconds for which a key stands for one message, from its first request on. */
const lifetimeSeconds = 24 * 60 * 60;

/** Milliseconds after which a request without an answer has failed: longer than any function runs. */
const underWayMilliseconds = 60_000;

/** What is known of a request with a key. */
export type KnownRequest<Progress> = {
  fingerprint: string;
  /** Changes with each request that works on it. */
  token: string;
  /** When the last of these began, in milliseconds since the epoch; 0 where it has given up. */
  startedAt: number;
  /** How far it had come. */
  progress: Progress | undefined;
  /** The answer, as JSON; undefined while there is none. */
  answer: string | undefined;
};

/**
 * The item of the requests to a channel with one key. Whoever works on the request holds it by a token
 * of its own: it knows its own write again where DynamoDB has applied that and answered with an error.
 */
export class RequestItem<Progress> {
  readonly fingerprint: string;
  readonly #table: Table;
  readonly #Key: Key;
  readonly #token = randomUUID();

  /** `asked` is what is the same in each of them. */
  constructor(table: Table, channel: string, key: string, asked: object) {
    this.#table = table;
    this.#Key = { pk: { S: `request#${channel}` }, sk: { S: key } };
    this.fingerprint = createHash("sha256").update(JSON.stringify(asked)).digest("base64");
  }

  /** Makes the item, for the first request with the key. Returns whether it is that one. */
  async begin(): Promise<boolean> {
    const { clock, name, client } = this.#table;
    const put = new PutItemCommand({
      TableName: name,
      Item: {
        ...this.#Key,
        ...this.#held(),
        fingerprint: { S: this.fingerprint },
        expiresAt: { N: String(epochSeconds(clock) + lifetimeSeconds) },
      },
      // TTL deletes an item days after its end.
      ConditionExpression: "attribute_not_exists(pk) OR expiresAt <= :now",
      ExpressionAttributeValues: { ":now": { N: String(epochSeconds(clock)) } },
    });
    return (await ifConditionHolds(client.send(put))) !== undefined;
  }

  async read(): Promise<KnownRequest<Progress> | undefined> {
    const item = await findItem(this.#table, this.#Key);
    if (item === undefined) return undefined;
    return {
      fingerprint: item.fingerprint?.S ?? "",
      token: item.heldBy?.S ?? "",
      startedAt: Number(item.startedAt?.N ?? 0),
      progress:
        item.progress?.S === undefined ? undefined : (JSON.parse(item.progress.S) as Progress),
      answer: item.answer?.S,
    };
  }

  isHeld({ token }: KnownRequest<Progress>): boolean {
    return token === this.#token;
  }

  /** Returns whether whoever held the item has ended without an answer. */
  hasFailed({ startedAt }: KnownRequest<Progress>): boolean {
    return this.#table.clock.now() - startedAt >= underWayMilliseconds;
  }

  /** Takes the item from a request that has failed. Returns whether nobody else did before. */
  async takeOver({ token }: KnownRequest<Progress>): Promise<boolean> {
    const { heldBy, startedAt } = this.#held();
    return this.#update("SET heldBy = :heldBy, startedAt = :startedAt", token, {
      ":heldBy": heldBy,
      ":startedAt": startedAt,
    });
  }

  /** Notes how far this request has come, for the one that takes over where it fails. */
  async advance(progress: Progress): Promise<void> {
    const value = { S: JSON.stringify(progress) };
    const isHeld = await this.#update("SET progress = :progress", this.#token, {
      ":progress": value,
    });
    if (!isHeld) throw new Error("Another request with the same key has taken over.");
  }

  async end(answer: unknown): Promise<void> {
    const value = { S: JSON.stringify(answer) };
    await this.#update("SET answer = :answer", this.#token, { ":answer": value });
  }

  /** Lets the next request take over at once. */
  async giveUp(): Promise<void> {
    await this.#update("SET startedAt = :zero", this.#token, { ":zero": { N: "0" } });
  }

  #held() {
    const now = this.#table.clock.now();
    return { heldBy: { S: this.#token }, startedAt: { N: String(now) } };
  }

  /** Returns whether the item was held by this token. */
  async #update(
    expression: string,
    token: string,
    values: Record<string, AttributeValue>,
  ): Promise<boolean> {
    const update = new UpdateItemCommand({
      TableName: this.#table.name,
      Key: this.#Key,
      UpdateExpression: expression,
      ConditionExpression: "heldBy = :token AND attribute_not_exists(answer)",
      ExpressionAttributeValues: { ":token": { S: token }, ...values },
    });
    return (await ifConditionHolds(this.#table.client.send(update))) !== undefined;
  }
}

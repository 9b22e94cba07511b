import { paginateQuery, PutItemCommand, type AttributeValue } from "@aws-sdk/client-dynamodb";
import { epochSeconds } from "../aws/clock.ts";
import type { Table } from "../aws/table.ts";
import type { Message } from "../protocol/message.ts";
import { findItem, liveItems } from "./keys.ts";

export type KeptMessage = Message & {
  /** In epoch seconds. */
  expiresAt: number;
  /** When the number before its own was taken, or later; in milliseconds since the epoch. */
  precededAt: number;
};

/**
 * Keeps a message for so many seconds, so that who missed it can still have it.
 * Where it is not known when the number before was taken, `precededAt` is the message's own time.
 */
export async function keep(
  table: Table,
  message: Message,
  forSeconds: number,
  precededAt = Date.parse(message.time),
): Promise<void> {
  const { channel, epoch, sequence, text, isJson, time, from, exclude } = message;
  await table.client.send(
    new PutItemCommand({
      TableName: table.name,
      Item: {
        pk: { S: partition(channel) },
        sk: { S: sortKey(sequence) },
        epoch: { S: epoch },
        text: { S: text },
        isJson: { BOOL: isJson },
        time: { S: time },
        ...(from !== undefined && { from: { S: from } }),
        ...(exclude !== undefined && { exclude: { S: exclude } }),
        precededAt: { N: String(precededAt) },
        expiresAt: { N: String(epochSeconds(table.clock) + forSeconds) },
      },
    }),
  );
}

/** Returns whether a message has been kept, and not been deleted. */
export async function isKept(
  table: Table,
  { channel, epoch, sequence }: Pick<Message, "channel" | "epoch" | "sequence">,
): Promise<boolean> {
  const item = await findItem(table, {
    pk: { S: partition(channel) },
    sk: { S: sortKey(sequence) },
  });
  return item?.epoch?.S === epoch;
}

/** Reads the kept messages of a channel from this sequence on, in order. */
export async function* keptFrom(
  table: Table,
  { name, epoch }: { name: string; epoch: string },
  sequence: number,
): AsyncGenerator<KeptMessage> {
  const live = liveItems(table, { S: partition(name) });
  const pages = paginateQuery(
    { client: table.client },
    {
      ...live,
      KeyConditionExpression: "pk = :pk AND sk >= :sk",
      // A channel's former life may have left messages.
      FilterExpression: `${live.FilterExpression} AND epoch = :epoch`,
      ExpressionAttributeValues: {
        ...live.ExpressionAttributeValues,
        ":sk": { S: sortKey(sequence) },
        ":epoch": { S: epoch },
      },
    },
  );
  for await (const { Items = [] } of pages) {
    for (const item of Items) yield toMessage(name, item);
  }
}

function toMessage(channel: string, item: Record<string, AttributeValue>): KeptMessage {
  return {
    channel,
    epoch: item.epoch?.S ?? "",
    sequence: Number(item.sk?.S),
    text: item.text?.S ?? "",
    isJson: item.isJson?.BOOL ?? false,
    time: item.time?.S ?? "",
    ...(item.from?.S !== undefined && { from: item.from.S }),
    ...(item.exclude?.S !== undefined && { exclude: item.exclude.S }),
    expiresAt: Number(item.expiresAt?.N),
    precededAt: Number(item.precededAt?.N),
  };
}

function partition(channel: string): string {
  return `messages#${channel}`;
}

/** As wide as the largest safe integer, so that text sorts as numbers do. */
function sortKey(sequence: number): string {
  return String(sequence).padStart(16, "0");
}

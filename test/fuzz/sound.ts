import assert from "node:assert/strict";
import { DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import fc from "fast-check";
import type { TestStack } from "../e2e/test-stack.ts";
import { runs } from "./runs.ts";

/** Holds the property against as many inputs as `runs` says, and looks at what they left behind. */
export async function fuzz<Input>(stack: TestStack, property: fc.IAsyncProperty<Input>): Promise<void> {
  await fc.assert(property, runs);
  await stack.queues.idle();
  const errors = stack.logs.filter((line) => line.includes('"level":"ERROR"'));
  assert.deepEqual(errors, []);
  assertConsistent(await items(stack));
}

type Item = Record<string, AttributeValue>;

/** `<pk> <sk>` of the five kinds of items. */
const name = "[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}";
const connection = /^connection#([^#]{15}=) connection$/;
const subscription = new RegExp(`^channel#(${name}#\\d+) ([^#]{15}=)$`);
const others = new RegExp(
  `^(channel#${name} channel|messages#${name} \\d{16}|request#${name} [\\x21-\\x7e]{1,255})$`,
);

/**
 * Every item has an end and the keys of its kind; a connection names its subscriptions, each once
 * for a channel, and a subscription is named by its connection.
 */
function assertConsistent(all: Item[]): void {
  const named: string[] = [];
  const subscribed: string[] = [];
  for (const item of all) {
    const key = `${item.pk?.S ?? ""} ${item.sk?.S ?? ""}`;
    assert.match(item.expiresAt?.N ?? "", /^\d{10}$/, `${key} has no end`);
    const [, connectionId] = connection.exec(key) ?? [];
    const [, slot, subscriber] = subscription.exec(key) ?? [];
    if (connectionId !== undefined) {
      const slots = item.channels?.SS ?? [];
      const channels = new Set(slots.map((one) => one.replace(/#\d+$/, "")));
      assert.equal(channels.size, slots.length, `${key} is in one channel twice`);
      named.push(...slots.map((one) => `${one} ${connectionId}`));
    } else if (slot !== undefined) subscribed.push(`${slot} ${subscriber ?? ""}`);
    else assert.match(key, others);
  }
  assert.deepEqual(subscribed.sort(), named.sort());
}

async function items({ dynamoDb, outputs }: TestStack): Promise<Item[]> {
  const { endpoint, region, credentials } = dynamoDb;
  const client = new DynamoDBClient({ endpoint, region, credentials });
  const all: Item[] = [];
  const table = { TableName: String(outputs.tableName), ConsistentRead: true };
  for await (const { Items = [] } of paginateScan({ client }, table)) all.push(...Items);
  client.destroy();
  return all;
}

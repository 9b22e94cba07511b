import { setImmediate as nextTurn } from "node:timers/promises";
import {
  CreateTableCommand,
  DescribeTableCommand,
  type CreateTableCommandInput,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import type { KeyAttribute, TableDescription } from "../graph/description.ts";

/** Creates an on-demand table with its indexes. Resolves when it is ready. */
export async function createTable(client: DynamoDBClient, table: TableDescription): Promise<void> {
  await client.send(new CreateTableCommand(inputOf(table)));
  const description = new DescribeTableCommand({ TableName: table.name });
  while ((await client.send(description)).Table?.TableStatus !== "ACTIVE") await nextTurn();
}

type Keys = { partitionKey: KeyAttribute; sortKey?: KeyAttribute };

function inputOf(table: TableDescription): CreateTableCommandInput {
  const attributes = [table, ...table.indexes].flatMap(attributesOf);
  const types = new Map(attributes.map(({ name, type }) => [name, type]));
  const indexes = table.indexes.map((index) => ({
    IndexName: index.name,
    KeySchema: keySchema(index),
    Projection: { ProjectionType: index.projection },
  }));
  return {
    TableName: table.name,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [...types].map(([name, type]) => ({
      AttributeName: name,
      AttributeType: type,
    })),
    KeySchema: keySchema(table),
    // DynamoDB refuses an empty list.
    ...(indexes.length > 0 && { GlobalSecondaryIndexes: indexes }),
  };
}

function keySchema(keys: Keys) {
  return attributesOf(keys).map(({ name }, position) => ({
    AttributeName: name,
    KeyType: position === 0 ? ("HASH" as const) : ("RANGE" as const),
  }));
}

function attributesOf({ partitionKey, sortKey }: Keys): KeyAttribute[] {
  return sortKey === undefined ? [partitionKey] : [partitionKey, sortKey];
}

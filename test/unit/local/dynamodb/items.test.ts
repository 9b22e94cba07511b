import assert from "node:assert/strict";
import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DescribeTableCommand,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  ResourceNotFoundException,
  ScanCommand,
  UpdateItemCommand,
  type AttributeValue,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import { account, type Account } from "./account.ts";

const TableName = "channels";
const key = (pk: string, sk = "channel") => ({ pk: { S: pk }, sk: { S: sk } });

describe("items of a local table", () => {
  let here: Account;
  let client: DynamoDBClient;
  before(async () => {
    here = await account();
    client = here.root;
  });
  after(() => here.close());

  const put = (Item: Record<string, AttributeValue>) =>
    client.send(new PutItemCommand({ TableName, Item }));
  const get = async (Key: Record<string, AttributeValue>) =>
    (await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }))).Item;

  it("are in a table that is there from the start, on-demand, with its keys and indexes", async () => {
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    assert.equal(Table?.TableStatus, "ACTIVE");
    assert.equal(Table.BillingModeSummary?.BillingMode, "PAY_PER_REQUEST");
    assert.deepEqual(Table.KeySchema, [
      { AttributeName: "pk", KeyType: "HASH" },
      { AttributeName: "sk", KeyType: "RANGE" },
    ]);
    const [index] = Table.GlobalSecondaryIndexes ?? [];
    assert.equal(index?.IndexName, "channels");
    assert.deepEqual(index.Projection, { ProjectionType: "KEYS_ONLY" });
    assert.deepEqual((await client.send(new ListTablesCommand())).TableNames, ["channels", "jobs"]);
  });

  it("are put and got", async () => {
    const item = { ...key("put"), text: { S: "ünïcode" }, list: { L: [{ BOOL: true }] } };
    await put(item);
    assert.deepEqual(await get(key("put")), item);
    assert.equal(await get(key("nobody")), undefined);
  });

  it("are put only on the condition that is given", async () => {
    const command = new PutItemCommand({
      TableName,
      Item: key("once"),
      ConditionExpression: "attribute_not_exists(pk)",
    });
    await client.send(command);
    await assert.rejects(
      client.send(command),
      (error) =>
        error instanceof ConditionalCheckFailedException &&
        error.message === "The conditional request failed",
    );
  });

  it("count with ADD and keep a first value with if_not_exists", async () => {
    const update = new UpdateItemCommand({
      TableName,
      Key: key("counter"),
      UpdateExpression: "ADD #sequence :one SET epoch = if_not_exists(epoch, :epoch)",
      ExpressionAttributeNames: { "#sequence": "sequence" },
      ExpressionAttributeValues: { ":one": { N: "1" }, ":epoch": { S: "k3f9" } },
      ReturnValues: "ALL_NEW",
    });
    const all = await Promise.all(Array.from({ length: 10 }, () => client.send(update)));
    const sequences = all.map(({ Attributes }) => Number(Attributes?.sequence?.N));
    assert.deepEqual(
      sequences.sort((a, b) => a - b),
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    );
    assert.deepEqual(all.at(-1)?.Attributes?.epoch, { S: "k3f9" });
  });

  it("hold string sets that grow, shrink and go", async () => {
    const update = (verb: "ADD" | "DELETE", ...channels: string[]) =>
      client.send(
        new UpdateItemCommand({
          TableName,
          Key: key("set"),
          UpdateExpression: `${verb} channels :channels`,
          ExpressionAttributeValues: { ":channels": { SS: channels } },
        }),
      );
    await update("ADD", "news#0", "sport#0");
    await update("ADD", "news#0", "test#0");
    const channels = (await get(key("set")))?.channels?.SS?.sort();
    assert.deepEqual(channels, ["news#0", "sport#0", "test#0"]);
    await update("DELETE", "news#0", "sport#0", "test#0");
    assert.deepEqual(await get(key("set")), key("set"));
  });

  it("are handed back by the delete that takes them away, once", async () => {
    const item = { ...key("gone"), channels: { SS: ["news#0"] } };
    await put(item);
    const command = new DeleteItemCommand({ TableName, Key: key("gone"), ReturnValues: "ALL_OLD" });
    assert.deepEqual((await client.send(command)).Attributes, item);
    assert.equal((await client.send(command)).Attributes, undefined);
  });

  it("are written and deleted in batches", async () => {
    const ids = Array.from({ length: 25 }, (_, id) => key("batch", String(id)));
    const requests = {
      put: ids.map((Item) => ({ PutRequest: { Item } })),
      delete: ids.slice(1).map((Key) => ({ DeleteRequest: { Key } })),
    };
    for (const RequestItems of [{ channels: requests.put }, { channels: requests.delete }]) {
      const { UnprocessedItems } = await client.send(new BatchWriteItemCommand({ RequestItems }));
      assert.deepEqual(UnprocessedItems, {});
    }
    const { Responses } = await client.send(
      new BatchGetItemCommand({ RequestItems: { channels: { Keys: ids } } }),
    );
    assert.deepEqual(Responses, { channels: [key("batch", "0")] });
  });

  it("are not there in a table that does not exist", async () => {
    await assert.rejects(
      client.send(new ScanCommand({ TableName: "nothing" })),
      ResourceNotFoundException,
    );
  });

  it("come with the request's id", async () => {
    const { $metadata } = await client.send(new ListTablesCommand());
    assert.match($metadata.requestId ?? "", /^[\w-]{20,}$/);
  });
});

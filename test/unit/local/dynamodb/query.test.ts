import assert from "node:assert/strict";
import {
  paginateQuery,
  PutItemCommand,
  QueryCommand,
  type AttributeValue,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import { account, type Account } from "./account.ts";

const TableName = "channels";
const key = (pk: string, sk = "channel") => ({ pk: { S: pk }, sk: { S: sk } });

describe("queries of a local table", () => {
  let here: Account;
  let client: DynamoDBClient;
  before(async () => {
    here = await account();
    client = here.root;
  });
  after(() => here.close());

  const put = (Item: Record<string, AttributeValue>) =>
    client.send(new PutItemCommand({ TableName, Item }));

  it("answer in the order of the sort key, page by page of 1 MB", async () => {
    const filling = { S: "x".repeat(100_000) };
    for (const sk of "lkjihgfedcba") await put({ ...key("pages", sk), filling });
    await put(key("pages-other"));
    const pages: string[] = [];
    for await (const { Items = [] } of paginateQuery(
      { client },
      {
        TableName,
        KeyConditionExpression: "pk = :pk",
        ExpressionAttributeValues: { ":pk": { S: "pages" } },
        ConsistentRead: true,
      },
    )) {
      pages.push(Items.map(({ sk }) => sk?.S).join(""));
    }
    assert.deepEqual(pages, ["abcdefghijk", "l"]);
  });

  it("of a sparse index find keys only, and never consistently", async () => {
    await put({ ...key("channel#news"), kind: { S: "channel" }, sequence: { N: "7" } });
    await put({ ...key("channel#plain"), sequence: { N: "7" } });
    const input = {
      TableName,
      IndexName: "channels",
      KeyConditionExpression: "kind = :kind",
      ExpressionAttributeValues: { ":kind": { S: "channel" } },
    };
    const { Items } = await client.send(new QueryCommand(input));
    assert.deepEqual(Items, [{ ...key("channel#news"), kind: { S: "channel" } }]);
    await assert.rejects(client.send(new QueryCommand({ ...input, ConsistentRead: true })), {
      name: "ValidationException",
      message: "Consistent reads are not supported on global secondary indexes",
    });
  });
});

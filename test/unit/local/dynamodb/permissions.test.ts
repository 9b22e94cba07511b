import assert from "node:assert/strict";
import {
  BatchWriteItemCommand,
  DynamoDBServiceException,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
} from "@aws-sdk/client-dynamodb";
import type { PolicyStatement } from "../../../../local/graph/description.ts";
import { account, tableArn, type Account } from "./account.ts";

const TableName = "channels";
const Key = { pk: { S: "channel#news" }, sk: { S: "channel" } };
const putItem = () => new PutItemCommand({ TableName, Item: Key });
const query = (IndexName?: string) =>
  new QueryCommand({
    TableName,
    ...(IndexName && { IndexName }),
    KeyConditionExpression: IndexName ? "kind = :key" : "pk = :key",
    ExpressionAttributeValues: { ":key": { S: "channel" } },
  });
const batchWrite = () =>
  new BatchWriteItemCommand({
    RequestItems: {
      channels: [{ PutRequest: { Item: Key } }],
      jobs: [{ PutRequest: { Item: { id: { S: "1" } } } }],
    },
  });

describe("permissions for a local table", () => {
  let here: Account;
  before(async () => (here = await account()));
  after(() => here.close());

  const allow = (actions: string[], ...resources: string[]): PolicyStatement => ({
    effect: "Allow",
    actions: actions.map((action) => `dynamodb:${action}`),
    resources,
  });
  const clientWith = (...statements: PolicyStatement[]) =>
    here.clientOf(here.assumeRole(statements));

  const denies = (action: string, resource: string) => (error: unknown) => {
    assert.ok(error instanceof DynamoDBServiceException);
    assert.equal(error.name, "AccessDeniedException");
    assert.equal(error.$metadata.httpStatusCode, 400);
    assert.equal(
      error.message,
      `User: arn:aws:sts::000000000000:assumed-role/role/s is not authorized to perform: dynamodb:${action} on resource: ${resource} because no identity-based policy allows the dynamodb:${action} action`,
    );
    return true;
  };

  it("hold for one action each", async () => {
    const client = clientWith(allow(["PutItem"], tableArn));
    await client.send(putItem());
    await assert.rejects(
      client.send(new GetItemCommand({ TableName, Key })),
      denies("GetItem", tableArn),
    );
    await assert.rejects(client.send(new ScanCommand({ TableName })), denies("Scan", tableArn));
  });

  it("for a table are not for its index, nor the other way round", async () => {
    const index = `${tableArn}/index/channels`;
    const tableOnly = clientWith(allow(["Query"], tableArn));
    await tableOnly.send(query());
    await assert.rejects(tableOnly.send(query("channels")), denies("Query", index));
    const indexOnly = clientWith(allow(["Query"], index));
    await indexOnly.send(query("channels"));
    await assert.rejects(indexOnly.send(query()), denies("Query", tableArn));
  });

  it("are needed for every table of a batch", async () => {
    const jobsArn = "arn:aws:dynamodb:eu-west-1:000000000000:table/jobs";
    await clientWith(allow(["BatchWriteItem"], tableArn, jobsArn)).send(batchWrite());
    await assert.rejects(
      clientWith(allow(["BatchWriteItem"], tableArn)).send(batchWrite()),
      denies("BatchWriteItem", jobsArn),
    );
  });

  it("for an action without a resource are for all tables", async () => {
    const client = clientWith(allow(["*"], tableArn));
    await assert.rejects(
      client.send(new ListTablesCommand()),
      denies("ListTables", "arn:aws:dynamodb:eu-west-1:000000000000:table/*"),
    );
    await clientWith(allow(["ListTables"], "*")).send(new ListTablesCommand());
  });

  it("let nothing through that they refuse", async () => {
    const item = { TableName, Item: { pk: { S: "refused" }, sk: { S: "channel" } } };
    await assert.rejects(clientWith().send(new PutItemCommand(item)));
    const got = await here.root.send(new GetItemCommand({ TableName, Key: item.Item }));
    assert.equal(got.Item, undefined);
  });

  it("are for nobody with a wrong secret", async () => {
    const credentials = here.assumeRole([allow(["*"], "*")]);
    const client = here.clientOf({ ...credentials, secretAccessKey: "wrong" });
    await assert.rejects(client.send(putItem()), {
      name: "InvalidSignatureException",
      message:
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
    });
  });

  it("are for nobody with a wrong session token", async () => {
    const credentials = { ...here.assumeRole([allow(["*"], "*")]), sessionToken: "wrong" };
    await assert.rejects(here.clientOf(credentials).send(putItem()), {
      name: "UnrecognizedClientException",
      message: "The security token included in the request is invalid.",
    });
  });

  it("are for nobody who does not sign", async () => {
    const response = await fetch(here.service.endpoint, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": "DynamoDB_20120810.PutItem",
      },
      body: JSON.stringify({ TableName, Item: Key }),
    });
    assert.equal(response.status, 400);
    assert.equal(response.headers.get("content-type"), "application/x-amz-json-1.0");
    assert.deepEqual(await response.json(), {
      __type: "com.amazon.coral.service#MissingAuthenticationTokenException",
      message: "Missing Authentication Token",
    });
  });
});

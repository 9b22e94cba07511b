import assert from "node:assert/strict";
import {
  CreateTableCommand,
  DeleteTableCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
  type AttributeValue,
} from "@aws-sdk/client-dynamodb";
import { engine } from "../../../../local/dynamodb/engine.ts";
import { createTable } from "../../../../local/dynamodb/tables.ts";
import { timeToLive } from "../../../../local/dynamodb/time-to-live.ts";
import { account, channels, type Account } from "./account.ts";

const TableName = "channels";
const minute = 60_000;

describe("time to live of a local table", () => {
  let here: Account;
  beforeEach(async () => (here = await account()));
  afterEach(() => here.close());

  const keyOf = (pk: string) => ({ pk: { S: pk }, sk: { S: "channel" } });
  const put = (pk: string, rest: Record<string, AttributeValue>) =>
    here.root.send(new PutItemCommand({ TableName, Item: { ...keyOf(pk), ...rest } }));
  const exists = async (pk: string) =>
    (await here.root.send(new GetItemCommand({ TableName, Key: keyOf(pk) }))).Item !== undefined;
  /** Returns epoch seconds, `milliseconds` from now. */
  const from = (milliseconds: number) => ({
    N: String(Math.floor((here.clock.now() + milliseconds) / 1000)),
  });

  it("deletes an item within a minute of its end, and not before", async () => {
    await put("short", { expiresAt: from(90_000) });
    await put("long", { expiresAt: from(60 * minute) });
    here.clock.advance(minute);
    await here.service.swept();
    assert.ok(await exists("short"));
    here.clock.advance(minute);
    await here.service.swept();
    assert.ok(!(await exists("short")));
    assert.ok(await exists("long"));
  });

  it("leaves an expired item readable until the clock comes round", async () => {
    await put("expired", { expiresAt: from(-minute) });
    await here.service.swept();
    assert.ok(await exists("expired"));
  });

  it("deletes an item from the index too", async () => {
    const kind = { S: "channel" };
    await put("listed", { kind, expiresAt: from(-minute) });
    const query = new QueryCommand({
      TableName,
      IndexName: "channels",
      KeyConditionExpression: "kind = :kind",
      ExpressionAttributeValues: { ":kind": kind },
    });
    assert.equal((await here.root.send(query)).Count, 1);
    here.clock.advance(minute);
    await here.service.swept();
    assert.equal((await here.root.send(query)).Count, 0);
  });

  it("deletes expired items beyond the first page of 1 MB", async () => {
    const filling = { S: "x".repeat(100_000) };
    const ids = Array.from({ length: 25 }, (_, id) => String(id));
    await Promise.all(ids.map((id) => put(id, { filling, expiresAt: from(-minute) })));
    here.clock.advance(minute);
    await here.service.swept();
    assert.deepEqual(
      await Promise.all(ids.map(exists)),
      ids.map(() => false),
    );
  });

  it("does not touch what has no end, or one that is no Number", async () => {
    await put("endless", {});
    await put("text", { expiresAt: { S: from(-minute).N } });
    here.clock.advance(minute);
    await here.service.swept();
    assert.ok(await exists("endless"));
    assert.ok(await exists("text"));
  });

  it("spares an item whose end was put off", async () => {
    await put("renewed", { expiresAt: from(minute / 2) });
    await here.root.send(
      new UpdateItemCommand({
        TableName,
        Key: keyOf("renewed"),
        UpdateExpression: "SET expiresAt = :end",
        ExpressionAttributeValues: { ":end": from(10 * minute) },
      }),
    );
    here.clock.advance(minute);
    await here.service.swept();
    assert.ok(await exists("renewed"));
  });

  it("spares an item whose end is put off while the sweep is on its way to it", async () => {
    const { client } = engine();
    await createTable(client, channels);
    const item = (end: { N: string }) =>
      new PutItemCommand({ TableName, Item: { ...keyOf("renewed"), expiresAt: end } });
    await client.send(item(from(-minute)));
    client.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          if (commandName === "DeleteItemCommand") await client.send(item(from(10 * minute)));
          return next(args);
        },
      { step: "initialize" },
    );
    const expiry = timeToLive(client, here.clock);
    expiry.attributes.set(TableName, "expiresAt");
    here.clock.advance(minute);
    await expiry.close();
    const get = new GetItemCommand({ TableName, Key: keyOf("renewed") });
    assert.ok((await client.send(get)).Item);
  });

  it("ends with its table", async () => {
    await here.root.send(new DeleteTableCommand({ TableName }));
    here.clock.advance(minute);
    await here.service.swept();
    const keys = [{ AttributeName: "id", KeyType: "HASH" as const }];
    await here.root.send(
      new CreateTableCommand({
        TableName: "new",
        BillingMode: "PAY_PER_REQUEST",
        KeySchema: keys,
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      }),
    );
  });

  it("goes by the service's clock, and a client whose clock is behind is put right by it", async () => {
    await put("late", { expiresAt: from(24 * 60 * minute) });
    here.clock.advance(25 * 60 * minute);
    await here.service.swept();
    assert.ok(!(await exists("late")));
  });
});

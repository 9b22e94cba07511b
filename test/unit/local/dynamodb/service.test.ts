import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import {
  GetItemCommand,
  InternalServerError,
  ListTablesCommand,
  ProvisionedThroughputExceededException,
  PutItemCommand,
  ThrottlingException,
} from "@aws-sdk/client-dynamodb";
import { ManualClock, type Clock } from "../../../../local/shared/clock.ts";
import { dynamoDbService, type DynamoDbOptions } from "../../../../local/dynamodb/service.ts";
import { account } from "./account.ts";

const put = () => new PutItemCommand({ TableName: "jobs", Item: { id: { S: "1" } } });

describe("local DynamoDB", () => {
  const closers: (() => Promise<void>)[] = [];
  const open = async (fault?: DynamoDbOptions["fault"]) => {
    const here = await account(fault);
    closers.push(() => here.close());
    return here;
  };
  /** Starts a service without a table, which allows every call. */
  const openToAll = async (clock: Clock) => {
    const service = await dynamoDbService({
      tables: [],
      region: "eu-west-1",
      accountId: "000000000000",
      authorize: () => ({
        allowed: true,
        caller: { arn: "anybody", userId: "anybody", accessKeyId: "anybody" },
      }),
      clock,
    });
    closers.push(() => service.close());
    const post = (operation: string, body: string) =>
      fetch(service.endpoint, {
        method: "POST",
        headers: { "x-amz-target": `DynamoDB_20120810.${operation}` },
        body,
      });
    return { service, post };
  };
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });

  for (const [type, kind] of [
    ["ThrottlingException", ThrottlingException],
    ["ProvisionedThroughputExceededException", ProvisionedThroughputExceededException],
    ["InternalServerError", InternalServerError],
  ] as const) {
    it(`fails with ${type} when it is told to`, async () => {
      const here = await open(() => ({ type }));
      await assert.rejects(here.rootOnce.send(put()), kind);
    });
  }

  it("fails in such a way that the SDK tries again", async () => {
    const faults = [{ type: "InternalServerError" } as const];
    const here = await open(() => faults.shift());
    const { $metadata } = await here.root.send(put());
    assert.equal($metadata.attempts, 2);
  });

  it("tells what is asked of it before it fails, and does none of it", async () => {
    const asked: unknown[] = [];
    const here = await open((request) => {
      asked.push(request);
      return request.operation === "PutItem" ? { type: "InternalServerError" } : undefined;
    });
    await assert.rejects(here.rootOnce.send(put()), InternalServerError);
    const get = new GetItemCommand({ TableName: "jobs", Key: { id: { S: "1" } } });
    assert.equal((await here.root.send(get)).Item, undefined);
    const body = { TableName: "jobs", Item: { id: { S: "1" } } };
    assert.deepEqual(asked[0], { operation: "PutItem", body });
  });

  it("does not ask for a fault where the request is refused", async () => {
    const here = await open(() => assert.fail());
    const client = here.clientOf(here.assumeRole([]));
    await assert.rejects(client.send(put()), { name: "AccessDeniedException" });
  });

  it("refuses what it does not know and what it cannot read", async () => {
    const { post } = await openToAll(new ManualClock());
    const answer = async (operation: string, body: string) => {
      const response = await post(operation, body);
      return { status: response.status, body: await response.json() };
    };
    assert.deepEqual(await answer("TransactWriteItems", "{}"), {
      status: 400,
      body: { __type: "com.amazon.coral.service#UnknownOperationException" },
    });
    assert.deepEqual(await answer("PutItem", "{"), {
      status: 400,
      body: { __type: "com.amazon.coral.service#SerializationException" },
    });
  });

  it("closes with clients connected, in the middle of a request too", async () => {
    const here = await open();
    await here.root.send(new ListTablesCommand());
    const port = Number(new URL(here.service.endpoint).port);
    const socket = connect(port, "127.0.0.1");
    const head = `POST / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Length: 9`;
    socket.write(`${head}\r\n\r\n{`);
    // The server has read the bytes above when it answers a request that was sent after them.
    await here.root.send(new ListTablesCommand());
    const ended = new Promise((resolve) => socket.on("error", resolve).on("close", resolve));
    await here.close();
    await ended;

    const refused = once(connect(port, "127.0.0.1"), "connect");
    await assert.rejects(refused, { code: "ECONNREFUSED" });
  });

  it("closes while it is still at work", async () => {
    const { service, post } = await openToAll(new ManualClock());
    const lists = Array.from({ length: 50 }, () => post("ListTables", "{}"));
    await Promise.race(lists);
    await service.close();
    await Promise.allSettled(lists);
  });

  it("leaves no timer behind", async () => {
    let timers = 0;
    const after = () => {
      timers++;
      return { cancel: () => timers-- };
    };
    const { service } = await openToAll({ now: () => Date.now(), after });
    assert.equal(timers, 1);
    await service.close();
    assert.equal(timers, 0);
  });
});

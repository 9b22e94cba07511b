import assert from "node:assert/strict";
import {
  ApiGatewayManagementApiClient,
  ApiGatewayManagementApiServiceException,
  GetConnectionCommand,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import type { PostFault } from "../../local/shared/faults.ts";
import { Client } from "../support/client.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";
import { freePorts, startCommand } from "../support/command.ts";

describe("a stack with faults", () => {
  let stack: TestStack;
  let client: Client;
  let gateway: ApiGatewayManagementApiClient;
  let fault: PostFault | undefined;
  let throttled = false;
  let onPost: ((connectionId: string) => void) | undefined;
  let id: string;

  before(async function () {
    this.timeout(60_000);
    stack = await startTestStack({
      faults: {
        post: (connectionId) => {
          onPost?.(connectionId);
          return fault;
        },
        dynamodb: () => (throttled ? { type: "ThrottlingException" } : undefined),
      },
    });
    client = await Client.connect(stack.websocketUrl);
    const { region, credentials } = stack.dynamoDb;
    const endpoint = stack.websocketUrl.replace(/^ws/, "http");
    gateway = new ApiGatewayManagementApiClient({ endpoint, region, credentials, maxAttempts: 1 });
    const items = await stack.items();
    id = items.flatMap((item) => /^connection#(.*) connection$/.exec(item)?.[1] ?? []).join();
  });
  beforeEach(() => {
    fault = undefined;
    onPost = undefined;
  });
  after(async () => {
    gateway.destroy();
    await client.close();
    await stack.close();
  });

  const post = (abortSignal?: AbortSignal) =>
    gateway.send(new PostToConnectionCommand({ ConnectionId: id, Data: "hello" }), {
      ...(abortSignal && { abortSignal }),
    });

  for (const [status, name] of [
    [410, "GoneException"],
    [429, "LimitExceededException"],
    [500, "InternalServerErrorException"],
  ] as const) {
    it(`answers a post ${status}, and delivers nothing`, async () => {
      fault = status;
      await assert.rejects(post(), (error) => {
        assert.ok(error instanceof ApiGatewayManagementApiServiceException);
        assert.deepEqual([error.name, error.$metadata.httpStatusCode], [name, status]);
        return true;
      });
      assert.equal(await client.ask("echo"), "echo");
      assert.deepEqual(client.unread, []);
    });
  }

  it("leaves a post without an answer until its client gives up", async () => {
    fault = "hang";
    const abort = new AbortController();
    const asked = new Promise<string>((resolve) => (onPost = resolve));
    const hanging = assert.rejects(post(abort.signal), { name: "AbortError" });
    assert.equal(await asked, id);
    abort.abort();
    await hanging;
    assert.equal(await client.ask("echo"), "echo");
    assert.deepEqual(client.unread, []);
  });

  it("answers what is no post", async () => {
    fault = 410;
    const { ConnectedAt } = await gateway.send(new GetConnectionCommand({ ConnectionId: id }));
    assert.ok(ConnectedAt);
  });

  it("delivers the posts that are let through", async () => {
    await post();
    assert.equal(await client.next(), "hello");
  });

  it("throttles DynamoDB", async () => {
    const dynamoDb = new DynamoDBClient({ ...stack.dynamoDb, maxAttempts: 1 });
    throttled = true;
    await assert.rejects(dynamoDb.send(new ListTablesCommand()), { name: "ThrottlingException" });
    throttled = false;
    await dynamoDb.send(new ListTablesCommand());
    dynamoDb.destroy();
  });
});

describe("npm start with a fault", () => {
  it("breaks what it is told to", async function () {
    this.timeout(60_000);
    const start = startCommand("local/cli/start.ts", [...freePorts, "--fault", "post:410:100%"]);
    const urlIn = (line: string) => line.split(/\s+/)[1] ?? "";
    const websocketUrl = urlIn(await start.line(/^websocket/));
    const httpUrl = urlIn(await start.line(/^http/));
    const client = await Client.connect(websocketUrl);
    const response = await fetch(httpUrl, { method: "POST", body: "message" });
    const { delivered, pending } = (await response.json()) as Record<string, unknown>;
    // So young a connection may still be connecting, for all that a 410 says.
    assert.deepEqual([delivered, pending, client.unread], [0, 1, []]);
    const report = await fetch(new URL(response.headers.get("location") ?? "", httpUrl));
    assert.deepEqual(
      [report.status, ((await report.json()) as { pending: number }).pending],
      [200, 1],
    );
    client.cut();
    assert.equal(await start.interrupt(), 0);
  });
});

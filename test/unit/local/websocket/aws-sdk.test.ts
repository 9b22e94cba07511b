import assert from "node:assert/strict";
import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  ForbiddenException,
  GetConnectionCommand,
  GoneException,
  PayloadTooLargeException,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import type { WebSocket } from "ws";
import type { Authorize } from "../../../../local/shared/access.ts";
import {
  closed,
  nextMessage,
  returned,
  startGateway,
  tester,
  type RunningGateway,
} from "./running-gateway.ts";

const unknownId = "AAAAAAAAAAAAAAA=";

describe("@connections through the AWS SDK", () => {
  let gateway: RunningGateway;
  let socket: WebSocket;
  let id: string;
  let decision: ReturnType<Authorize>;
  let client: ApiGatewayManagementApiClient;
  beforeEach(async () => {
    decision = { allowed: true, caller: tester };
    gateway = await startGateway({
      functions: { $connect: () => returned({ statusCode: 200 }) },
      authorize: () => decision,
    });
    socket = await gateway.connect({ client: { headers: { "user-agent": "tester" } } });
    id = gateway.connectionId();
    client = new ApiGatewayManagementApiClient({
      endpoint: `http://127.0.0.1:${gateway.port}/staging`,
      region: "eu-west-1",
      credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" },
      maxAttempts: 1,
    });
  });
  afterEach(async () => {
    client.destroy();
    await gateway.close();
  });

  it("posts", async () => {
    const message = nextMessage(socket);
    await client.send(new PostToConnectionCommand({ ConnectionId: id, Data: "hello" }));
    assert.equal(await message, "hello");
  });

  it("gets", async () => {
    const now = new Date(gateway.clock.now());
    const output = await client.send(new GetConnectionCommand({ ConnectionId: id }));
    assert.deepEqual(output.ConnectedAt, now);
    assert.deepEqual(output.LastActiveAt, now);
    assert.deepEqual(output.Identity, { SourceIp: "127.0.0.1", UserAgent: "tester" });
  });

  it("deletes", async () => {
    const close = closed(socket);
    await client.send(new DeleteConnectionCommand({ ConnectionId: id }));
    assert.equal((await close).code, 1000);
  });

  it("raises GoneException", async () => {
    const post = new PostToConnectionCommand({ ConnectionId: unknownId, Data: "hello" });
    await assert.rejects(client.send(post), GoneException);
  });

  it("raises PayloadTooLargeException", async () => {
    const Data = "x".repeat(128 * 1024 + 1);
    const post = new PostToConnectionCommand({ ConnectionId: id, Data });
    await assert.rejects(client.send(post), PayloadTooLargeException);
  });

  it("raises ForbiddenException", async () => {
    decision = { allowed: false, refusal: { reason: "missing-token", message: "no" } };
    const post = new PostToConnectionCommand({ ConnectionId: id, Data: "hello" });
    await assert.rejects(client.send(post), ForbiddenException);
  });
});

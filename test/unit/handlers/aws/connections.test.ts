import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import {
  ApiGatewayManagementApiClient,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import { openConnections, prepare } from "../../../../handlers/aws/connections.ts";
import { ManualClock } from "../../../../local/shared/clock.ts";
import { close, hostOf } from "../../../../local/shared/listen.ts";

const credentials = { accessKeyId: "AKID", secretAccessKey: "secret", sessionToken: "token" };

describe("a post", () => {
  let server: Server;
  let clock: ManualClock;
  let connections: ReturnType<typeof openConnections>;
  let answer: (request: IncomingMessage, response: ServerResponse) => void;

  beforeEach(async () => {
    server = createServer((request, response) => {
      answer(request, response);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    clock = new ManualClock();
    connections = openConnections({
      endpoint: `http://${hostOf(server)}/staging`,
      region: "us-east-1",
      credentials,
      maxPosts: 2,
      postMilliseconds: 3_000,
      clock,
    });
  });
  afterEach(async () => {
    await connections.destroy();
    await close(server);
  });

  it("asks for what the SDK asks for", async () => {
    const asked: object[] = [];
    answer = (request, response) => {
      void text(request).then((body) => {
        const { method, url, headers } = request;
        const { host, "content-length": length } = headers;
        asked.push({ method, url, host, length, body });
        response.end();
      });
    };
    const Data = '{"type":"message","data":"grüße"}';
    const ConnectionId = "L0SM9c+FvHc/Ihw=";
    assert.equal(await connections.post(ConnectionId, prepare(Data)), 200);
    const sdk = new ApiGatewayManagementApiClient({
      endpoint: `http://${hostOf(server)}/staging`,
      region: "us-east-1",
      credentials,
    });
    await sdk.send(new PostToConnectionCommand({ ConnectionId, Data }));
    sdk.destroy();
    assert.equal(asked.length, 2);
    assert.deepEqual(asked[0], asked[1]);
  });

  for (const status of [200, 400, 403, 410, 429, 500]) {
    it(`gives the status ${status}`, async () => {
      answer = (_request, response) => response.writeHead(status).end('{"message":"x"}');
      assert.equal(await connections.post("L0SM9cOFvHcCIhw=", prepare("hello")), status);
    });
  }

  it("is given up at its deadline, and frees its socket", async () => {
    const hanging = new Promise<void>((resolve) => {
      answer = () => {
        resolve();
      };
    });
    const post = connections.post("L0SM9cOFvHcCIhw=", prepare("hello"));
    await hanging;
    clock.advance(3_000);
    await assert.rejects(post, { message: "no answer within 3000 ms" });
    answer = (_request, response) => response.end();
    assert.equal(await connections.post("L0SM9cOFvHcCIhw=", prepare("hello")), 200);
  });

  it("rejects where the connection is reset", async () => {
    answer = (request) => request.socket.destroy();
    await assert.rejects(connections.post("L0SM9cOFvHcCIhw=", prepare("hello")));
  });
});

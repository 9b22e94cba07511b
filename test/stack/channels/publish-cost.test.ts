import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { costOfPublish } from "../../../bench/cost.ts";
import { addSubscribers } from "../../../bench/subscribers.ts";
import { systemClock } from "../../../handlers/aws/clock.ts";
import type { Use } from "../../../local/dynamodb/probe.ts";
import { startTestStack, type TestStack } from "../../support/test-stack.ts";

describe("what a publish takes of a stack", () => {
  let connections: Server;
  let posts = 0;
  let uses: Use[] = [];
  let stack: TestStack;
  let client: DynamoDBClient;
  before(async () => {
    connections = createServer((_request, response) => {
      posts += 1;
      response.end();
    });
    connections.listen(0, "127.0.0.1");
    await once(connections, "listening");
    const { port } = connections.address() as AddressInfo;
    const endpoint = `http://127.0.0.1:${port}/staging`;
    stack = await startTestStack({
      dynamoDb: { probe: { onUse: (use) => uses.push(use) } },
      adjust: (description) => ({
        ...description,
        functions: description.functions.map((fn) => ({
          ...fn,
          environment: { ...fn.environment, CONNECTIONS_ENDPOINT: endpoint },
        })),
      }),
    });
    client = new DynamoDBClient(stack.dynamoDb);
  });
  after(async () => {
    client.destroy();
    await stack.close();
    connections.closeAllConnections();
    connections.close();
  });

  for (const subscribers of [1, 1_000, 3_500]) {
    it(`is what the arithmetic says, with ${subscribers} on the channel`, async () => {
      const channel = `of-${subscribers}`;
      await addSubscribers(
        { client, name: String(stack.outputs.tableName), clock: systemClock },
        { name: channel, shards: 1 },
        subscribers,
      );
      uses = [];
      posts = 0;
      const body = "x".repeat(100);
      const headers = { "content-type": "text/plain" };
      const url = `${stack.httpUrl}channels/${channel}/messages`;
      const response = await fetch(url, { method: "POST", body, headers });
      assert.equal(response.status, subscribers > 1_000 ? 202 : 200);
      await stack.queues.idle();

      const sum = (isRead: boolean) =>
        uses
          .filter(({ operation }) => /Query|GetItem/.test(operation) === isRead)
          .reduce((total, { units }) => total + units, 0);
      const cost = costOfPublish(subscribers, { channel });
      // Halves of a range are seldom of the same size, and each rounds up.
      const isHalved = subscribers > 3_000;
      assert.ok(Math.abs(sum(true) - cost.readUnits) <= (isHalved ? 1 : 0), `${sum(true)}`);
      assert.deepEqual(
        { tableRequests: uses.length, writeUnits: sum(false), posts },
        {
          tableRequests: cost.tableRequests,
          writeUnits: cost.writeUnits,
          posts: cost.posts,
        },
      );
    });
  }
});

import assert from "node:assert/strict";
import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GetConnectionCommand,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import { DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { ManualClock } from "../../../../local/shared/clock.ts";
import { identities } from "../../../../local/iam/identities.ts";
import { post, principal, query, region, role } from "./oracle.ts";
import { recorder } from "./recorder.ts";

describe("requests of the SDK", () => {
  const now = identities({ accountId: "000000000000", clock: new ManualClock(Date.now()) });
  const credentials = now.assumeRole(role, "fanout");
  let server: Awaited<ReturnType<typeof recorder>>;
  before(async () => (server = await recorder()));
  after(() => server.close());

  for (const ConnectionId of ["TXzPWdnOjoECGjA=", "a+b/c=", "a b@c%3D"]) {
    it(`are allowed for the connection ${ConnectionId}`, async () => {
      const endpoint = `${server.endpoint}/staging`;
      const client = new ApiGatewayManagementApiClient({ endpoint, region, credentials });
      const send = [
        () => client.send(new PostToConnectionCommand({ ConnectionId, Data: "héllo" })),
        () => client.send(new GetConnectionCommand({ ConnectionId })),
        () => client.send(new DeleteConnectionCommand({ ConnectionId })),
      ];
      for (const request of send) {
        await request();
        const decision = now.authorize(server.take(), post);
        assert.equal(decision.allowed && decision.caller.arn, principal);
      }
      client.destroy();
    });
  }

  it("are allowed for a table", async () => {
    const client = new DynamoDBClient({ endpoint: server.endpoint, region, credentials });
    await client.send(new QueryCommand({ TableName: "channels" }));
    const decision = now.authorize(server.take(), query);
    assert.equal(decision.allowed && decision.caller.arn, principal);
    client.destroy();
  });
});

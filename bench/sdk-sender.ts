import { Agent } from "node:http";
import {
  ApiGatewayManagementApiClient,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import pMap from "p-map";
import { credentials, frame, region, type Sender } from "./sender.ts";

/** The AWS SDK's client, on as many sockets as there are posts at the same time. */
export function sdkSender(endpoint: string, concurrency: number): Sender {
  const client = new ApiGatewayManagementApiClient({
    ...{ endpoint, region, credentials },
    requestHandler: { httpAgent: new Agent({ keepAlive: true, maxSockets: concurrency }) },
  });
  return {
    async send(connectionIds) {
      const post = (ConnectionId: string) =>
        client.send(new PostToConnectionCommand({ ConnectionId, Data: frame }));
      await pMap(connectionIds, post, { concurrency });
    },
    close() {
      client.destroy();
      return Promise.resolve();
    },
  };
}

import {
  ApiGatewayManagementApiClient,
  ApiGatewayManagementApiServiceException,
  DeleteConnectionCommand,
  GetConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import type { Connections, ConnectionsOptions } from "./connections.ts";

/** Opens what is asked about one connection, by the SDK; `destroy` closes its sockets. */
export function openManagement({
  endpoint,
  region,
  credentials,
}: Pick<ConnectionsOptions, "endpoint" | "region" | "credentials">): Pick<
  Connections,
  "get" | "close"
> & { destroy: () => void } {
  const client = new ApiGatewayManagementApiClient({
    ...{ endpoint, region, credentials },
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000 },
  });
  return {
    async get(ConnectionId) {
      const get = client.send(new GetConnectionCommand({ ConnectionId }));
      const result = await get.catch(statusOf);
      return typeof result === "number" ? { status: result } : { status: 200, known: result };
    },
    async close(ConnectionId) {
      const close = client.send(new DeleteConnectionCommand({ ConnectionId }));
      const result = await close.catch(statusOf);
      return typeof result === "number" ? result : 204;
    },
    destroy() {
      client.destroy();
    },
  };
}

/** Returns the status that API Gateway answered. Throws an error that is none of its answers. */
function statusOf(error: unknown): number {
  if (error instanceof ApiGatewayManagementApiServiceException) {
    return error.$metadata.httpStatusCode ?? 500;
  }
  // The SDK parses the body of an error, which API Gateway need not have written as JSON.
  const { $response } = error as { $response?: { statusCode: number } };
  if ($response === undefined) throw error;
  return $response.statusCode;
}

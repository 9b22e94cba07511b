import { ApiGatewayManagementApiClient } from "@aws-sdk/client-apigatewaymanagementapi";
import { readEnvironment } from "./environment.ts";
import { openTable } from "./table.ts";
import type { Table } from "./table.ts";

/** What the functions work on. */
export type System = {
  table: Table;
  connections: ApiGatewayManagementApiClient;
  defaultChannel: string;
  /** For how long a message is kept; 0 keeps none. */
  historySeconds: number;
};

/** Reads the environment and makes the clients. Throws an Error that names what is missing. */
export function openSystem(): System {
  const { TABLE_NAME, CONNECTIONS_ENDPOINT, DEFAULT_CHANNEL, HISTORY_SECONDS } = readEnvironment(
    "TABLE_NAME",
    "CONNECTIONS_ENDPOINT",
    "DEFAULT_CHANNEL",
    "HISTORY_SECONDS",
  );
  return {
    table: openTable(TABLE_NAME),
    connections: new ApiGatewayManagementApiClient({
      endpoint: CONNECTIONS_ENDPOINT,
      requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000 },
    }),
    defaultChannel: DEFAULT_CHANNEL,
    historySeconds: Number(HISTORY_SECONDS),
  };
}

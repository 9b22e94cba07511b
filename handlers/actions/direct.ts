import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GetConnectionCommand,
  GoneException,
} from "@aws-sdk/client-apigatewaymanagementapi";
import { findConnection, removeConnections, unknownConnection } from "../store/connection.ts";
import type { Content } from "../protocol/content.ts";
import { readEnvironment } from "../aws/environment.ts";
import { checkSize, directFrames } from "../protocol/message.ts";
import { prepare } from "../aws/connections.ts";
import { Problem } from "../protocol/problem.ts";
import type { System } from "../aws/system.ts";

const { CONNECTIONS_ENDPOINT } = readEnvironment("CONNECTIONS_ENDPOINT");

// Base64, of either alphabet. Any other text could be a path of its own, or no key for DynamoDB.
const connectionIdForm = /^[\w+/=-]{1,128}$/;

let client: ApiGatewayManagementApiClient | undefined;

/** Made when it is first used: most instances never are asked about one connection. */
function connections(): ApiGatewayManagementApiClient {
  return (client ??= new ApiGatewayManagementApiClient({
    endpoint: CONNECTIONS_ENDPOINT,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000 },
  }));
}

/**
 * What is known of a connection, by us and by API Gateway.
 * Throws a Problem where there is none, as the other two do; what is left of it is removed.
 */
export async function showConnection(system: System, connectionId: string) {
  const known = await getConnection(system, connectionId);
  const found = await findConnection(system.table, connectionId);
  return {
    connectionId,
    protocol: found?.json ? "channels.v1" : "plain",
    channels: found?.channels ?? [],
    connectedAt: known.ConnectedAt,
    lastActiveAt: known.LastActiveAt,
    sourceIp: known.Identity?.SourceIp,
    userAgent: known.Identity?.UserAgent,
  };
}

/** Sends content to one connection alone. */
export async function sendTo(system: System, connectionId: string, content: Content) {
  checkId(connectionId);
  const frames = directFrames(content, new Date());
  checkSize(frames, system.maximumMessageBytes);
  const connection = await findConnection(system.table, connectionId);
  if (connection === undefined) {
    // API Gateway knows which ids are none. It may be open: what it gets ends with its token.
    await getConnection(system, connectionId);
    throw unknownConnection();
  }
  const frame = prepare(connection.json ? frames.json : frames.plain);
  const status = await system.post(connectionId, frame);
  if (status === 410) return forget(system, connectionId);
  if (status === 400) throw malformed();
  if (status !== 200) {
    throw new Problem("unreached", `API Gateway answers ${status} for this connection: try again.`);
  }
}

/** Closes a connection, which sees 1000, and removes its items. */
export async function closeConnection(system: System, connectionId: string): Promise<void> {
  const close = new DeleteConnectionCommand({ ConnectionId: connectionId });
  await reach(system, connectionId, () => connections().send(close));
  await removeConnections(system.table, [connectionId]);
}

function getConnection(system: System, connectionId: string) {
  const get = new GetConnectionCommand({ ConnectionId: connectionId });
  return reach(system, connectionId, () => connections().send(get));
}

function checkId(connectionId: string): void {
  if (!connectionIdForm.test(connectionId)) throw malformed();
}

async function reach<T>(system: System, connectionId: string, call: () => Promise<T>): Promise<T> {
  checkId(connectionId);
  try {
    return await call();
  } catch (error) {
    if (error instanceof GoneException) return forget(system, connectionId);
    // Not in the SDK's model: API Gateway's answer to an id that is not of its form.
    if (error instanceof Error && error.name === "BadRequestException") {
      throw malformed();
    }
    throw error;
  }
}

function malformed(): Problem {
  return new Problem("invalid-connection", "This is not the form of a connection's id.");
}

async function forget({ table }: System, connectionId: string): Promise<never> {
  await removeConnections(table, [connectionId]);
  throw unknownConnection();
}

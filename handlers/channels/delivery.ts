import { setTimeout as sleep } from "node:timers/promises";
import { GoneException, PostToConnectionCommand } from "@aws-sdk/client-apigatewaymanagementapi";
import type { ApiGatewayManagementApiClient } from "@aws-sdk/client-apigatewaymanagementapi";
import pMap from "p-map";
import { log, thrown } from "./log.ts";
import type { Frames } from "./message.ts";
import type { Recipient } from "./recipients.ts";

/** What became of each recipient. */
export type Report = {
  delivered: number;
  /** Whose connection is no more. */
  gone: Recipient[];
  /** Who could not be reached, though not known to be gone. */
  failed: number;
};

const concurrency = 64;

// $connect has at most 29 seconds, and its connection takes no post before it has returned:
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
const connectingMilliseconds = 29_000;

/** Milliseconds to wait before each further try of a connection that may still be connecting. */
const retryDelays = [50, 150, 400];

/** Posts to every recipient the frame of its kind. One bad connection never fails another. */
export async function deliver(
  connections: ApiGatewayManagementApiClient,
  recipients: AsyncIterable<Recipient>,
  frames: Frames,
): Promise<Report> {
  const report: Report = { delivered: 0, gone: [], failed: 0 };
  await pMap(
    recipients,
    async (recipient) => {
      try {
        const isThere = await post(connections, recipient, frames[recipient.kind]);
        if (isThere) report.delivered += 1;
        else report.gone.push(recipient);
      } catch (error) {
        report.failed += 1;
        const { connectionId } = recipient;
        log.warn("Post failed", { connectionId, error: thrown(error) });
      }
    },
    { concurrency },
  );
  return report;
}

/** Posts one frame; false says that the connection is no more. */
export async function post(
  connections: ApiGatewayManagementApiClient,
  { connectionId, connectedAt }: Pick<Recipient, "connectionId" | "connectedAt">,
  Data: string,
): Promise<boolean> {
  const command = new PostToConnectionCommand({ ConnectionId: connectionId, Data });
  for (let tries = 0; ; tries++) {
    try {
      await connections.send(command);
      return true;
    } catch (error) {
      if (!(error instanceof GoneException)) throw error;
      const delay = retryDelays[tries];
      if (delay === undefined || Date.now() - connectedAt > connectingMilliseconds) return false;
      await sleep(delay);
    }
  }
}

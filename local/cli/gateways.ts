import type { Server } from "node:http";
import type { Authorize } from "../shared/access.ts";
import type { Clock } from "../shared/clock.ts";
import type { Faults } from "../shared/faults.ts";
import type { Description } from "../graph/description.ts";
import { httpGateway } from "../http/gateway.ts";
import type { Invoke } from "../shared/invoke.ts";
import { webSocketGateway } from "../websocket/gateway.ts";

/** Serves every API of the description on the server of its protocol; `close` stops serving. */
export function gateways(options: {
  description: Description;
  webSocketServer: Server;
  httpServer: Server;
  invoke: Invoke;
  authorize: Authorize;
  clock: Clock;
  faults: Faults | undefined;
}): { close(): Promise<void> } {
  const { description, webSocketServer, httpServer, faults, ...services } = options;
  const { accountId } = description;
  const open = [
    ...description.webSocketApis.map((api) =>
      webSocketGateway({
        ...{ server: webSocketServer, api, ...services },
        ...{ postFault: faults?.post, disconnectFault: faults?.disconnect },
      }),
    ),
    ...description.httpApis.map((api) =>
      httpGateway({ server: httpServer, api, accountId, ...services }),
    ),
  ];
  return {
    close: async () => {
      await Promise.all(open.map((gateway) => gateway.close()));
    },
  };
}

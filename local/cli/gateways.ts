import type { Server } from "node:http";
import type { Authorize } from "../shared/access.ts";
import type { Clock } from "../shared/clock.ts";
import type { Faults } from "../shared/faults.ts";
import { accountOf, throttleOf, unthrottled } from "../gateway/throttling.ts";
import type { StageDescription } from "../graph/api-description.ts";
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
  /** Whether API Gateway's limits hold. */
  isThrottled: boolean;
}): { close(): Promise<void> } {
  const { description, webSocketServer, httpServer, faults, isThrottled, ...services } = options;
  const { accountId } = description;
  const { clock } = services;
  const account = accountOf(clock);
  const throttle = ({ stage }: { stage: StageDescription }) =>
    isThrottled ? throttleOf(account, stage, clock) : unthrottled;
  const open = [
    ...description.webSocketApis.map((api) =>
      webSocketGateway({
        ...{ server: webSocketServer, api, ...services },
        ...{ postFault: faults?.post, disconnectFault: faults?.disconnect },
        throttle: throttle(api),
      }),
    ),
    ...description.httpApis.map((api) =>
      httpGateway({
        ...{ server: httpServer, api, accountId, ...services },
        throttle: throttle(api),
      }),
    ),
  ];
  return {
    close: async () => {
      await Promise.all(open.map((gateway) => gateway.close()));
    },
  };
}

import { log } from "../../handlers/aws/log.ts";
import { FakeConnections, type Fate } from "../faults/fake-connections.ts";
import { openChannelTable, type ChannelTable } from "./channel-table.ts";
import { PassingClock } from "./passing-clock.ts";

export type FunctionWorld = {
  channels: ChannelTable;
  connections: FakeConnections;
  /** Puts the environment back as it was. */
  close(): Promise<void>;
};

/**
 * Makes what a function works on, and sets the environment by which its module finds that when it is
 * imported: a table, and connections that answer as `fate` says. The stack asks for tokens.
 */
export async function openFunctionWorld(
  fate: (connectionId: string) => Fate,
): Promise<FunctionWorld> {
  log.setLogLevel("SILENT");
  const outside = { ...process.env };
  const channels = await openChannelTable({ clock: new PassingClock(Date.now()) });
  const connections = new FakeConnections(fate);
  Object.assign(process.env, channels.environment, {
    ...{ POWERTOOLS_SERVICE_NAME: "websocket-channels", STACK_NAME: "staging" },
    ...{ AUTH: "jwt", DEFAULT_CHANNEL: "test" },
    ...{ CONNECTIONS_ENDPOINT: await connections.listen(), WEBSOCKET_URL: "wss://test/staging" },
    ...{ DELIVERY_QUEUE_URL: "none", DEAD_LETTER_QUEUE_URL: "none", DELIVERY_CONCURRENCY: "8" },
    ...{ INLINE_RECIPIENTS: "100", HISTORY_SECONDS: "300", MAX_MESSAGE_BYTES: "131072" },
    ...{ PRESENCE_LIMIT: "200", PRESENCE_GRACE_SECONDS: "10", PREFIX_SUBSCRIPTIONS: "false" },
  });
  return {
    ...{ channels, connections },
    async close() {
      for (const name of Object.keys(process.env)) {
        if (outside[name] === undefined) Reflect.deleteProperty(process.env, name);
      }
      Object.assign(process.env, outside);
      await connections.close();
      await channels.close();
    },
  };
}

export const context = { awsRequestId: "lambda's", getRemainingTimeInMillis: () => 10_000 };

import { systemClock as clock } from "../handlers/aws/clock.ts";
import { openConnections, type Connections } from "../handlers/aws/connections.ts";
import { deliver } from "../handlers/delivery/engine.ts";
import { concurrency, credentials, frame, region, type Sender } from "./sender.ts";

/** The functions' own engine. */
export function engineSender(endpoint: string): Sender {
  const options = { endpoint, region, credentials, maxPosts: concurrency, postMilliseconds: 3_000 };
  const { post, destroy } = openConnections({ ...options, clock });
  return {
    send: (connectionIds) => deliverBy(post, connectionIds),
    close: destroy,
  };
}

/** Delivers to all connections, with any `post`. */
export async function deliverBy(post: Connections["post"], connectionIds: string[]): Promise<void> {
  const subscribers = connectionIds.map((connectionId) => ({
    connectionId,
    protocol: "channels.v1" as const,
    connectedAt: 0,
    expiresAt: Infinity,
    shardKey: "bench#0",
  }));
  const frames = { plain: frame, "channels.v1": frame };
  const options = { post, clock, concurrency, until: Infinity };
  const { delivered } = await deliver(subscribers, frames, options);
  if (delivered < connectionIds.length) throw new Error("Some connections were not reached.");
}

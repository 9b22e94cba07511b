import { deliver } from "../handlers/delivery/engine.ts";
import { openPosts } from "../handlers/aws/connections.ts";
import type { Post } from "../handlers/aws/connections.ts";
import { systemTime } from "../handlers/aws/clock.ts";
import { concurrency, credentials, frame, region } from "./sender.ts";
import type { Sender } from "./sender.ts";

/** The functions' own engine. */
export function engineSender(endpoint: string): Sender {
  const milliseconds = 3_000;
  const time = systemTime;
  const options = { endpoint, region, credentials, concurrency, milliseconds, time };
  const posts = openPosts(options);
  return {
    send: (connectionIds) => deliverBy(posts.post, connectionIds),
    close: () => posts.close(),
  };
}

/** Delivers to all of them, with whatever posts. */
export async function deliverBy(post: Post, connectionIds: string[]): Promise<void> {
  const failed = (_: unknown, reason = "gone") => Promise.reject(new Error(reason));
  const recipients = connectionIds.map((connectionId) => ({
    connectionId,
    kind: "json" as const,
    connectedAt: 0,
    expiresAt: Infinity,
    slot: "bench#0",
  }));
  await deliver(
    recipients,
    { plain: frame, json: frame },
    {
      ...{ post, time: systemTime, concurrency, until: Infinity },
      ...{ onGone: failed, onLeft: failed },
    },
  );
}

import { sleep, type Clock } from "../aws/clock.ts";
import { prepare, type Connections, type PreparedFrame } from "../aws/connections.ts";
import { frameFor, type Frames } from "../protocol/frames.ts";
import { mayBeConnecting, type Connection } from "../store/connection.ts";
import type { Subscriber } from "../store/subscriber.ts";

export type PostOptions = {
  post: Connections["post"];
  clock: Clock;
  /** When to leave the rest, in milliseconds since the epoch. */
  until: number;
  /** Posts to a connection that answers 429, 5xx or nothing. Defaults to 4. */
  maxTries?: number;
};

export type DeliveryOptions = PostOptions & {
  /** Subscribers that are served at the same time. */
  concurrency: number;
  /** Takes when each subscriber got the frame, in milliseconds since the epoch. */
  deliveredAt?: number[] | undefined;
};

/** What became of the subscribers. */
export type Delivered = {
  /** How many have the frame. */
  delivered: number;
  /** Whose connection is no more. */
  gone: Subscriber[];
  /** Who is still to be reached. */
  left: (Left & { subscriber: Subscriber })[];
  /** When the last post was through, in milliseconds since the epoch. */
  endedAt: number;
};

/** A connection that has not got its frame. */
export type Left = {
  outcome: "left";
  /** Why, in a few words. */
  reason: string;
  /** Whether a post to it was made at all. */
  isTried: boolean;
};

export type PostOutcome = { outcome: "delivered" } | { outcome: "gone" } | Left;

/** Milliseconds of the longest wait before the second try; it doubles with each further one. */
const firstBackoff = 100;

/** Milliseconds of the longest wait of all. */
const maxBackoff = 3_000;

/** Milliseconds to wait before each further try of a connection that may still be connecting. */
const connectingDelays = [50, 150, 400];

/** API Gateway does not let this function post at all: its role or its endpoint is wrong. */
export class PostForbidden extends Error {
  constructor() {
    super(
      "API Gateway refuses our posts (403): the function's role needs execute-api:ManageConnections " +
        "on POST/@connections/* of the stage that CONNECTIONS_ENDPOINT names.",
    );
    this.name = "PostForbidden";
  }
}

/**
 * Posts to every subscriber the frame of its protocol. One bad connection neither delays nor fails another.
 * Throws PostForbidden, when the posts under way are through.
 */
export async function deliver(
  subscribers: Subscriber[],
  { plain, "channels.v1": json }: Frames,
  { concurrency, deliveredAt, ...options }: DeliveryOptions,
): Promise<Delivered> {
  const frames = { plain: prepare(plain), "channels.v1": prepare(json) };
  const result: Omit<Delivered, "endedAt"> = { delivered: 0, gone: [], left: [] };
  const failures: unknown[] = [];
  const next = subscribers.values();
  // As many of these as there may be posts take one subscriber after another.
  const serve = async () => {
    for (const subscriber of next) {
      if (failures.length > 0) return;
      try {
        const frame = frameFor(subscriber.protocol, frames);
        const done = await postUntilDone(subscriber, frame, options);
        if (done.outcome === "delivered") {
          result.delivered += 1;
          deliveredAt?.push(options.clock.now());
        } else if (done.outcome === "gone") result.gone.push(subscriber);
        else result.left.push({ ...done, subscriber });
      } catch (error) {
        failures.push(error);
      }
    }
  };
  const servers = Math.min(concurrency, subscribers.length);
  await Promise.all(Array.from({ length: servers }, serve));
  if (failures.length > 0) throw failures[0];
  return { ...result, endedAt: options.clock.now() };
}

/**
 * Posts a frame to a connection until it has it, is gone, or is left. Who waited in the queue until its
 * subscription has ended is gone; who may still be connecting is left, whatever API Gateway says.
 * Throws PostForbidden.
 */
export async function postUntilDone(
  connection: Connection,
  frame: PreparedFrame,
  { post, clock, until, maxTries = 4 }: PostOptions,
): Promise<PostOutcome> {
  const { connectionId, expiresAt } = connection;
  for (let tried = 1; ; tried++) {
    if (clock.now() >= expiresAt * 1000) return { outcome: "gone" };
    if (clock.now() >= until) {
      return { outcome: "left", reason: "no time was left", isTried: tried > 1 };
    }
    let wait = Math.random() * Math.min(maxBackoff, firstBackoff * 2 ** (tried - 1));
    let isLast = tried >= maxTries;
    let reason: string;
    try {
      const status = await post(connectionId, frame);
      if (status === 200) return { outcome: "delivered" };
      if (status === 403) throw new PostForbidden();
      // 400 says that no connection can have such an id.
      if (status === 400) return { outcome: "gone" };
      if (status === 410) {
        if (!mayBeConnecting(clock, connection)) return { outcome: "gone" };
        const delay = connectingDelays[tried - 1];
        isLast = delay === undefined;
        wait = delay ?? 0;
      }
      reason = `status ${status}`;
    } catch (error) {
      if (error instanceof PostForbidden) throw error;
      reason = error instanceof Error ? error.message : String(error);
    }
    if (isLast || clock.now() + wait >= until) return { outcome: "left", reason, isTried: true };
    await sleep(clock, wait);
  }
}

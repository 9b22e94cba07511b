import { sleep, type Clock } from "../aws/clock.ts";
import { prepare, type Connections, type PreparedFrame } from "../aws/connections.ts";
import { frameFor, type Frames } from "../protocol/frames.ts";
import type { Subscriber } from "../store/subscribers.ts";

export type DeliveryOptions = {
  post: Connections["post"];
  clock: Clock;
  /** Subscribers that are served at the same time. */
  concurrency: number;
  /** When to leave the rest, in milliseconds since the epoch. */
  until: number;
  /** Takes each subscriber whose connection is no more. */
  onGone: (subscriber: Subscriber) => Promise<void>;
  /** Takes each subscriber that is still to be reached, and why it was not. */
  onLeft: (subscriber: Subscriber, reason: string) => Promise<void>;
};

/** Posts to a connection that answers 429, 5xx or nothing. */
const maxTries = 4;

/** Milliseconds of the longest wait before the second try; it doubles with each further one. */
const firstBackoff = 100;

// $connect has at most 29 seconds, and its connection takes no post before it has returned:
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
const connectingMilliseconds = 29_000;

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
 * Posts to every subscriber the frame of its protocol, and returns how many have it. The others went
 * to `onGone` or `onLeft`. One bad connection neither delays nor fails another, and memory does not
 * grow with their number.
 * Throws PostForbidden, or what `onGone`, `onLeft` or the subscribers threw.
 */
export async function deliver(
  subscribers: AsyncIterable<Subscriber> | Iterable<Subscriber>,
  { plain, "channels.v1": json }: Frames,
  options: DeliveryOptions,
): Promise<number> {
  const frames = { plain: prepare(plain), "channels.v1": prepare(json) };
  const failures: unknown[] = [];
  let delivered = 0;
  let active = 0;
  let onFree: (() => void) | undefined;
  const free = () => new Promise<void>((resolve) => (onFree = resolve));

  const serve = async (subscriber: Subscriber) => {
    try {
      const problem = await postUntilDone(
        subscriber,
        frameFor(subscriber.protocol, frames),
        options,
      );
      if (problem === undefined) delivered += 1;
      else if (problem === "gone") await options.onGone(subscriber);
      else await options.onLeft(subscriber, problem);
    } catch (error) {
      failures.push(error);
    }
    active -= 1;
    onFree?.();
  };
  try {
    for await (const subscriber of subscribers) {
      while (active >= options.concurrency) await free();
      if (failures.length > 0) break;
      active += 1;
      void serve(subscriber);
    }
  } catch (error) {
    failures.push(error);
  }
  while (active > 0) await free();
  if (failures.length > 0) throw failures[0];
  return delivered;
}

/**
 * Returns undefined once the subscriber has the frame; otherwise "gone", or why it has not got it. Who
 * waited in the queue until its subscription has ended is gone.
 */
async function postUntilDone(
  { connectionId, connectedAt, expiresAt }: Subscriber,
  frame: PreparedFrame,
  { post, clock, until }: DeliveryOptions,
): Promise<string | undefined> {
  for (let tried = 1; ; tried++) {
    if (clock.now() >= expiresAt * 1000) return "gone";
    if (clock.now() >= until) return "no time was left";
    let wait = Math.random() * firstBackoff * 2 ** (tried - 1);
    let reason: string;
    try {
      const status = await post(connectionId, frame);
      if (status === 200) return undefined;
      if (status === 403) throw new PostForbidden();
      // 400 says that no connection can have such an id.
      if (status === 400) return "gone";
      if (status === 410) {
        const delay = connectingDelays[tried - 1];
        const isYoung = clock.now() - connectedAt < connectingMilliseconds;
        if (delay === undefined || !isYoung) return "gone";
        wait = delay;
      }
      reason = `status ${status}`;
    } catch (error) {
      if (error instanceof PostForbidden) throw error;
      reason = error instanceof Error ? error.message : String(error);
    }
    if (tried >= maxTries || clock.now() + wait >= until) return reason;
    await sleep(clock, wait);
  }
}

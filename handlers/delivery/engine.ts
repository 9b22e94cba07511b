import type { Frames } from "../protocol/message.ts";
import { prepare } from "../aws/connections.ts";
import type { Post } from "../aws/connections.ts";
import type { Recipient } from "../store/subscribers.ts";
import { sleep } from "../aws/clock.ts";
import type { Time } from "../aws/clock.ts";

export type DeliveryOptions = {
  post: Post;
  time: Time;
  /** Recipients that are served at the same time. */
  concurrency: number;
  /** When to leave the rest, in milliseconds since the epoch. */
  until: number;
  /** Takes each recipient whose connection is no more. */
  onGone: (recipient: Recipient) => Promise<void>;
  /** Takes each recipient that is still to be reached, and why it was not. */
  onLeft: (recipient: Recipient, reason: string) => Promise<void>;
};

/** Posts to a connection that answers 429, 5xx or nothing. */
const tries = 4;

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
 * Posts to every recipient the frame of its kind, and gives how many have it. The others went to
 * `onGone` or `onLeft`. One bad connection neither delays nor fails another, and memory does not grow
 * with their number.
 * Throws PostForbidden, or what `onGone`, `onLeft` or the recipients threw.
 */
export async function deliver(
  recipients: AsyncIterable<Recipient> | Iterable<Recipient>,
  frames: Frames,
  options: DeliveryOptions,
): Promise<number> {
  const prepared = { plain: prepare(frames.plain), json: prepare(frames.json) };
  const failures: unknown[] = [];
  let delivered = 0;
  let active = 0;
  let onFree: (() => void) | undefined;
  const free = () => new Promise<void>((resolve) => (onFree = resolve));

  const serve = async (recipient: Recipient) => {
    try {
      const problem = await reach(recipient, prepared[recipient.kind], options);
      if (problem === undefined) delivered += 1;
      else if (problem === "gone") await options.onGone(recipient);
      else await options.onLeft(recipient, problem);
    } catch (error) {
      failures.push(error);
    }
    active -= 1;
    onFree?.();
  };
  try {
    for await (const recipient of recipients) {
      while (active >= options.concurrency) await free();
      if (failures.length > 0) break;
      active += 1;
      void serve(recipient);
    }
  } catch (error) {
    failures.push(error);
  }
  while (active > 0) await free();
  if (failures.length > 0) throw failures[0];
  return delivered;
}

/**
 * Undefined once the recipient has the frame; otherwise "gone", or why it has not got it. Who waited
 * in the queue until its subscription has ended is gone.
 */
async function reach(
  { connectionId, connectedAt, expiresAt }: Recipient,
  frame: ReturnType<typeof prepare>,
  { post, time, until }: DeliveryOptions,
): Promise<string | undefined> {
  for (let tried = 1; ; tried++) {
    if (time.now() >= expiresAt * 1000) return "gone";
    if (time.now() >= until) return "no time was left";
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
        const isYoung = time.now() - connectedAt < connectingMilliseconds;
        if (delay === undefined || !isYoung) return "gone";
        wait = delay;
      }
      reason = `status ${status}`;
    } catch (error) {
      if (error instanceof PostForbidden) throw error;
      reason = error instanceof Error ? error.message : String(error);
    }
    if (tried >= tries || time.now() + wait >= until) return reason;
    await sleep(time, wait);
  }
}

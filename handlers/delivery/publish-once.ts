import { sleep } from "../aws/clock.ts";
import { log, thrown } from "../aws/log.ts";
import type { System } from "../aws/system.ts";
import type { Content } from "../protocol/content.ts";
import { Problem } from "../protocol/problem.ts";
import { RequestItem, type KnownRequest } from "../store/idempotency.ts";
import { publish, type Numbered, type Published, type PublishOptions } from "./publish.ts";

/** Milliseconds to wait before each look whether the first request has its answer. */
const lookDelays = [50, 100, 200, 400, 800];

/** Seconds after which a repeat is told to come again. */
const retrySeconds = 2;

/**
 * Publishes content, with a key once for all requests to a channel with the same, and gives all of them its
 * answer. A request that fails after its message has a number leaves it in the item, before anybody
 * gets the message: whoever repeats it goes on with that number. So the key stands for one message,
 * which subscribers may get twice and know by its id.
 *
 * Throws a Problem for a key that came with another request before, or whose first request is still under
 * way.
 */
export async function publishOnce(
  system: System,
  channel: string,
  content: Content,
  key: string | undefined,
  options: PublishOptions = {},
): Promise<Published> {
  const publishing = (progress: PublishOptions) =>
    publish(system, channel, content, { ...options, ...progress });
  if (key === undefined) return publishing({});
  const item = new RequestItem<Numbered>(system.table, channel, key, asked(content, options));
  if (await begin(item)) return act(publishing, item);
  for (const delay of [...lookDelays, undefined]) {
    const known = await item.read();
    if (known !== undefined && known.fingerprint !== item.fingerprint) throw keyReused();
    if (known?.answer !== undefined) return JSON.parse(known.answer) as Published;
    if (await isOurs(item, known)) return act(publishing, item, known?.progress);
    if (delay !== undefined) await sleep(system.clock, delay * (0.5 + Math.random() / 2));
  }
  throw new Problem(
    "request-in-progress",
    "A request with this Idempotency-Key is still under way: repeat this one later.",
    retrySeconds,
  );
}

/** What a repeat has to ask for too. Who has excluded itself may repeat that by another connection. */
function asked(content: Content, { from, exclude }: PublishOptions): object {
  const isItself = exclude !== undefined && exclude === from;
  return { ...content, exclude: isItself ? true : exclude };
}

/** Begins, and leaves the item to a repeat where DynamoDB has made it and answered with an error. */
async function begin(item: RequestItem<Numbered>): Promise<boolean> {
  try {
    return await item.begin();
  } catch (error) {
    await giveUp(item);
    throw error;
  }
}

/** Returns whether this request is the one to work on the item. */
async function isOurs(
  item: RequestItem<Numbered>,
  known: KnownRequest<Numbered> | undefined,
): Promise<boolean> {
  // Its end came between the write and the read.
  if (known === undefined) return begin(item);
  return item.isHeld(known) || (item.hasFailed(known) && (await item.takeOver(known)));
}

async function act(
  publishing: (options: PublishOptions) => Promise<Published>,
  item: RequestItem<Numbered>,
  numbered?: Numbered,
): Promise<Published> {
  let published: Published;
  try {
    published = await publishing({ numbered, onNumbered: (taken) => item.advance(taken) });
  } catch (error) {
    await giveUp(item);
    throw error;
  }
  // The message is out: a repeat that finds no answer goes on with its number.
  await item.end(published).catch((cause: unknown) => {
    log.warn("Answer not kept", thrown(cause));
  });
  return published;
}

/** Lets a repeat take over at once; where this fails, it does a minute later. */
async function giveUp(item: RequestItem<Numbered>): Promise<void> {
  await item.giveUp().catch((cause: unknown) => {
    log.warn("Key not given up", thrown(cause));
  });
}

export function keyReused(): Problem {
  return new Problem(
    "idempotency-key-reused",
    "This Idempotency-Key came with another request before: take a new key for a new message.",
  );
}

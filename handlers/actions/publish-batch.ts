import type { System } from "../aws/system.ts";
import type { Table } from "../aws/table.ts";
import { checkChannelGrant, type Grants } from "../auth/grants.ts";
import type { Published, PublishOptions } from "../delivery/publish.ts";
import { keyReused, publishOnce } from "../delivery/publish-once.ts";
import type { Batch, BatchMessage } from "../protocol/batch.ts";
import { toContent, type Content } from "../protocol/content.ts";
import { problemMembers, type ProblemMembers } from "../protocol/http-event.ts";
import { checkChannel, checkExclude } from "../protocol/parameters.ts";
import { RequestItem } from "../store/idempotency.ts";
import { problemOf } from "./problem-of.ts";

/** What became of one message of a batch: what its own request would be answered. */
export type BatchResult = Published | ProblemMembers;

/** Milliseconds that a batch itself keeps trying, in all; the queue takes what it leaves. */
const batchMilliseconds = 5_000;

/**
 * Publishes the messages of a batch: those of one channel one after the other, and channels side by side.
 * Returns what became of each, in their order; one that is refused or fails stops no other.
 *
 * With a key each is published once, under the key and its place in the batch: a repeat goes on where one that
 * was interrupted has come to. Throws a Problem for a key that came with another batch before.
 */
export async function publishBatch(
  system: System,
  grants: Grants,
  { text, messages }: Batch,
  key: string | undefined,
): Promise<BatchResult[]> {
  const checked = messages.map((message) => check(grants, message));
  const taken = checked.filter((one) => "content" in one);
  // Who may publish nothing of it takes no key from those who may.
  if (key !== undefined && taken.length > 0) await claimKey(system.table, key, text);
  const channels = new Set(taken.map(({ channel }) => channel));
  const options = {
    until: system.clock.now() + batchMilliseconds,
    concurrency: Math.ceil(system.deliveryConcurrency / channels.size),
  };
  /** The last message so far of each channel: the next begins when it has ended. */
  const last = new Map<string, Promise<BatchResult>>();
  return Promise.all(
    checked.map((one, index) => {
      if (!("content" in one)) return Promise.resolve(one);
      const { channel } = one;
      // No key of a request has a space.
      const own = key === undefined ? undefined : `${key} ${index}`;
      const publishing = async () => {
        await last.get(channel);
        return resultOf(system, one, own, options);
      };
      const result = publishing();
      last.set(channel, result);
      return result;
    }),
  );
}

/** Returns the status that says the most of what became of a batch. */
export function batchStatus(results: BatchResult[]): 200 | 202 | 207 {
  if (results.some((result) => "code" in result)) return 207;
  return results.some((result) => "pending" in result && result.pending > 0) ? 202 : 200;
}

/** What a message of a batch asks for, which its caller may do. */
type Checked = { channel: string; content: Content; exclude: string | undefined };

function check(grants: Grants, { text, members }: BatchMessage): Checked | ProblemMembers {
  try {
    const channel = checkChannel(members.channel);
    checkChannelGrant(grants, "publish", channel);
    return { channel, content: toContent(members, text), exclude: checkExclude(members.exclude) };
  } catch (error) {
    return failed(error);
  }
}

async function resultOf(
  system: System,
  { channel, content, exclude }: Checked,
  key: string | undefined,
  options: PublishOptions,
): Promise<BatchResult> {
  try {
    return await publishOnce(system, channel, content, key, { ...options, exclude });
  } catch (error) {
    return failed(error);
  }
}

function failed(error: unknown): ProblemMembers {
  return problemMembers(problemOf(error, "Request failed"));
}

/** Has a key stand for one batch, under a name that no channel has. */
async function claimKey(table: Table, key: string, text: string): Promise<void> {
  const item = new RequestItem(table, "", key, { text });
  if (await item.begin()) return;
  const known = await item.read();
  if (known !== undefined && known.fingerprint !== item.fingerprint) throw keyReused();
}

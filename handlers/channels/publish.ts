import { nextInChannel } from "./channel.ts";
import { removeConnections } from "./connection.ts";
import type { Content } from "./content.ts";
import { deliver } from "./delivery.ts";
import { keep } from "./history.ts";
import { checkSize, framesOf, idOf } from "./message.ts";
import { recipientsOf } from "./recipients.ts";
import type { System } from "./system.ts";

export type Published = {
  id: string;
  channel: string;
  /** Recipients that have the message. */
  delivered: number;
  /** Recipients whose connection was no more; their items are removed. */
  gone: number;
  /** Recipients that could not be reached. */
  failed: number;
};

/** Sends content to everyone on the channel. Throws a Problem for content that is too large. */
export async function publish(
  { table, connections, historySeconds }: System,
  channel: string,
  content: Content,
): Promise<Published> {
  const draft = { ...content, channel, time: new Date().toISOString() };
  // No id is taken for a message that has no room: these are as long as any can be.
  checkSize(framesOf({ ...draft, epoch: "longer", sequence: Number.MAX_SAFE_INTEGER }));

  const current = await nextInChannel(table, channel);
  const message = { ...draft, epoch: current.epoch, sequence: current.sequence };
  // Kept before the subscribers are read: who subscribes too late to be read finds it kept.
  if (historySeconds > 0) await keep(table, message, historySeconds);
  const { delivered, gone, failed } = await deliver(
    connections,
    recipientsOf(table, current),
    framesOf(message),
  );
  await removeConnections(
    table,
    gone.map(({ connectionId }) => connectionId),
    gone.map(({ key }) => key),
  );
  return { id: idOf(message), channel, delivered, gone: gone.length, failed };
}

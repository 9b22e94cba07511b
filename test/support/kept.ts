import type { Table } from "../../handlers/aws/table.ts";
import type { Message } from "../../handlers/protocol/message.ts";
import { findChannel, nextInChannel, type Channel } from "../../handlers/store/channel.ts";
import { keep } from "../../handlers/store/history.ts";

/**
 * Takes the channel's next sequences for these texts, and keeps them: all but those that are
 * undefined, whose time is over. Gives the channel as it is then, and an id of it by its number.
 */
export async function kept(
  table: Table,
  name: string,
  texts: (string | undefined)[],
): Promise<{ channel: Channel; id: (sequence: number) => string; messages: Message[] }> {
  const messages: Message[] = [];
  let channel = await findChannel(table, name);
  for (const text of texts) {
    channel = await nextInChannel(table, name);
    if (text === undefined) continue;
    const { epoch, sequence } = channel;
    const time = new Date(table.clock.now()).toISOString();
    const message = { channel: name, epoch, sequence, text, isJson: false, time };
    await keep(table, message, 300, channel.precededAt);
    messages.push(message);
  }
  const { epoch } = channel;
  return { channel, id: (sequence) => `${epoch}-${sequence}`, messages };
}

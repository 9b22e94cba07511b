import { channelKey } from "../../handlers/store/keys.ts";

/** The item of a channel, as the lists of items in tests have it. */
export function channelItem(channel: string): string {
  const { pk, sk } = channelKey(channel);
  return `${pk.S} ${sk.S}`;
}

import { channelName, maxPrefixLevels } from "./limits.ts";

// A prefix stands for the channel before its `:*` and for every channel below that, as `/#` does in MQTT:
// `orders:*` for `orders`, `orders:eu` and `orders:eu:42`. It is subscribed to as a channel is.

/** Returns whether a name is a prefix's: that of a channel has no `*`. */
export function isPrefix(name: string): boolean {
  return name.endsWith(":*");
}

export function isValidPrefix(name: string): boolean {
  return (
    isPrefix(name) &&
    channelName.test(topOf(name)) &&
    levelsOf(topOf(name)).length <= maxPrefixLevels
  );
}

/** Returns the channel that a prefix has all below of. */
export function topOf(prefix: string): string {
  return prefix.slice(0, -":*".length);
}

/** Returns whether a prefix stands for a channel, among others. */
export function covers(prefix: string, channel: string): boolean {
  return `${channel}:`.startsWith(prefix.slice(0, -1));
}

/** Returns the prefixes that stand for a channel, among others, the widest first. */
export function prefixesOf(channel: string): string[] {
  const levels = levelsOf(channel).slice(0, maxPrefixLevels);
  return levels.map((_, index) => `${levels.slice(0, index + 1).join(":")}:*`);
}

function levelsOf(channel: string): string[] {
  return channel.split(":");
}

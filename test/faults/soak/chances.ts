import { seeded } from "../faulty.ts";

/** Numbers from 0 to below 1, the same each time, of a run's own for each label. */
export type Chances = (label: string) => Chance;

export type Chance = () => number;

/**
 * All randomness of a run, from its one seed. Each label has a sequence of its own, so that what one
 * client does never changes what is drawn for another, whichever is faster.
 */
export function chances(seed: number): Chances {
  const streams = new Map<string, Chance>();
  return (label) => {
    const known = streams.get(label);
    if (known !== undefined) return known;
    const stream = seeded(hash(`${seed} ${label}`));
    streams.set(label, stream);
    return stream;
  };
}

/** A whole number from `low` to `high`, both included. */
export function between(chance: Chance, low: number, high: number): number {
  return low + Math.floor(chance() * (high - low + 1));
}

export function pick<Item>(chance: Chance, items: readonly Item[]): Item {
  const item = items[Math.floor(chance() * items.length)];
  if (item === undefined) throw new Error("There is nothing to pick from.");
  return item;
}

/** One of the items, as often as its weight says. */
export function weighted<Item>(
  chance: Chance,
  weights: readonly (readonly [item: Item, weight: number])[],
): Item {
  let drawn = chance() * weights.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [item, weight] of weights) {
    drawn -= weight;
    if (drawn < 0) return item;
  }
  throw new Error("Every weight is 0.");
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const byte of Buffer.from(text)) value = Math.imul(value ^ byte, 0x01000193);
  return value >>> 0;
}

/**
 * A part of a channel's shard, or of all that a message of the channel goes to: the subscriptions of connections
 * whose id comes after `after`, up to and with `upTo`. Ids are compared as DynamoDB compares sort keys, byte by
 * byte.
 */
export type Range = {
  /** Over how many shards the channel was spread when its publish saw it. */
  shards: number;
  /** Undefined where it is of every shard, and of the prefixes that stand for the channel. */
  shard?: number;
  /** Empty at the beginning of the shard. */
  after: string;
  /** Undefined at the end of the shard: whatever comes there. */
  upTo?: string | undefined;
  /** How often a range was halved to get this one. */
  halvings: number;
};

/** Every character that a connection's id can have, in the order of their bytes. */
const alphabet = "+-/0123456789=ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";

/**
 * Returns both halves of a range that ends at `upTo`: about as many ids are possible in the one as in the
 * other. Where no id is possible in between, it is the range itself.
 */
export function halvesOf(range: Range, upTo: string): Range[] {
  const middle = middleOf(range.after, upTo);
  if (middle === undefined) return [{ ...range, upTo }];
  const halvings = range.halvings + 1;
  return [
    { ...range, upTo: middle, halvings },
    { ...range, after: middle, upTo, halvings },
  ];
}

function middleOf(after: string, upTo: string): string | undefined {
  const length = Math.max(after.length, upTo.length) + 1;
  const middle = textOf((numberOf(after, length) + numberOf(upTo, length)) / 2n, length);
  return after < middle && middle < upTo ? middle : undefined;
}

const base = BigInt(alphabet.length);

/** Reads a text as a number whose digits are its characters, filled up with the least one. */
function numberOf(text: string, length: number): bigint {
  const digits = Array.from(text.padEnd(length, alphabet[0]));
  return digits.reduce((sum, digit) => sum * base + BigInt(alphabet.indexOf(digit)), 0n);
}

function textOf(number: bigint, length: number): string {
  let text = "";
  for (let left = number; text.length < length; left /= base) {
    text = (alphabet[Number(left % base)] ?? "") + text;
  }
  return text;
}

import { readId } from "./message.ts";
import type { Model } from "./model.ts";
import type { Reading, Violation } from "./records.ts";

/**
 * Whether who reads the history has every message that a 2xx acknowledged: all up to where it has come,
 * and, where it has come to the end, all that were acknowledged before it asked for the last page.
 */
export function checkHistory(model: Model): Violation[] {
  const acknowledged = new Map<string, { id: string; at: number; serial: number }[]>();
  for (const { serial, channel, attempts } of model.messages.values()) {
    for (const { answer, answeredAt = Infinity } of attempts) {
      if (answer === undefined) continue;
      const ids = acknowledged.get(channel) ?? [];
      acknowledged.set(channel, [...ids, { id: answer.id, at: answeredAt, serial }]);
    }
  }
  return model.readings.flatMap((reading) =>
    ofReading(reading, acknowledged.get(reading.channel) ?? []),
  );
}

function ofReading(
  { reader, channel, since, entries, lastAskedAt, isWhole }: Reading,
  acknowledged: { id: string; at: number; serial: number }[],
): Violation[] {
  const sequences = entries.map(({ id }) => readId(id).sequence);
  const begin = since === undefined ? 0 : readId(since).sequence;
  const position = sequences.at(-1) ?? begin;
  const read = new Set(entries.map(({ id }) => id));
  const skipped = acknowledged.filter(({ id, at }) => {
    const { sequence } = readId(id);
    const isDue = sequence <= position || (isWhole && at < lastAskedAt);
    return sequence > begin && !read.has(id) && isDue;
  });
  const violations = skipped.map(({ id, serial, at }): Violation => {
    const when = at < lastAskedAt ? "acknowledged before" : "acknowledged later, and passed over";
    return {
      kind: "lost",
      rule: "history skips a message",
      subjects: [reader, `m${serial}`],
      text: `${reader} reads ${channel} after ${since ?? "the oldest"} to ${entries.at(-1)?.id ?? "nothing"}, without ${id} (${when})`,
    };
  });
  const isInOrder = sequences.every(
    (sequence, index) => sequence > (sequences[index - 1] ?? begin),
  );
  if (isInOrder) return violations;
  const text = `${reader} reads ${entries.map(({ id }) => id).join(", ")} on ${channel}`;
  return [
    ...violations,
    { kind: "false", rule: "history out of order", subjects: [reader, channel], text },
  ];
}

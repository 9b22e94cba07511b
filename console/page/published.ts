/** When this page began to publish a text: a plain client gets the text alone, and no time. */
export type Published = {
  note(text: string, now: number): void;
  /** Milliseconds since the last publish of the text; undefined where this page has not published it. */
  since(text: string, now: number): number | undefined;
};

/** Texts that are kept. */
const maxTexts = 1000;

export function published(): Published {
  const times = new Map<string, number>();
  return {
    note(text, now) {
      // The last one noted is the last one of the map.
      times.delete(text);
      times.set(text, now);
      const [oldest] = times.keys();
      if (times.size > maxTexts && oldest !== undefined) times.delete(oldest);
    },
    since(text, now) {
      const time = times.get(text);
      return time === undefined ? undefined : now - time;
    },
  };
}

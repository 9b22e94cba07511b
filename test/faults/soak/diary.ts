/** What happened to whom, line by line, for whoever has to understand a failure. */
export class Diary {
  readonly #startedAt = performance.now();
  readonly #lines = new Map<string, { at: number; channel: string | undefined; text: string }[]>();
  readonly #now: () => number;

  /** `now` gives the moment of a line, as records count them. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Writes a line about a client, a message or a channel: of one of its channels, or in general. */
  note(subject: string, text: string, channel?: string): void {
    const seconds = ((performance.now() - this.#startedAt) / 1000).toFixed(3);
    const lines = this.#lines.get(subject) ?? [];
    this.#lines.set(subject, lines);
    const short = text.length > 300 ? `${text.slice(0, 300)}…` : text;
    lines.push({ at: this.#now(), channel, text: `${seconds.padStart(8)}  ${short}` });
  }

  /** The last lines about a subject until a moment, oldest first, and none of another channel. */
  last(subject: string, count: number, until = Infinity, channel?: string): string[] {
    return (this.#lines.get(subject) ?? [])
      .filter((line) => line.at <= until)
      .filter((line) => line.channel === undefined || line.channel === (channel ?? line.channel))
      .slice(-count)
      .map(({ text }) => text);
  }
}

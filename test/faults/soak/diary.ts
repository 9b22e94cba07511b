/** What happened to whom, line by line, for whoever has to understand a failure. */
export class Diary {
  readonly #startedAt = performance.now();
  readonly #lines = new Map<string, string[]>();

  /** Writes a line about a client, a message or a channel. */
  note(subject: string, text: string): void {
    const seconds = ((performance.now() - this.#startedAt) / 1000).toFixed(3);
    const lines = this.#lines.get(subject) ?? [];
    this.#lines.set(subject, lines);
    lines.push(`${seconds.padStart(8)}  ${text.length > 300 ? `${text.slice(0, 300)}…` : text}`);
  }

  /** The last lines about a subject, oldest first. */
  last(subject: string, count: number): string[] {
    return (this.#lines.get(subject) ?? []).slice(-count);
  }
}

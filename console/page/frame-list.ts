import { signal, type ReadonlySignal } from "@preact/signals";
import type { Gap } from "./gaps.ts";
import type { Told } from "./watches.ts";

/** A line of a client's column. */
export type Line = {
  /** Grows with each line. */
  key: number;
  /** Milliseconds since the epoch. */
  time: number;
} & (
  | { kind: "in"; text: string; message?: MessageFacts }
  | { kind: "told"; text: string; channel: string; told: Told }
  | { kind: "out"; text: string }
  | { kind: "note"; text: string }
  | { kind: "gap"; channel: string; gap: Gap }
);

/** What is known of a message. */
export type MessageFacts = {
  id?: string;
  channel?: string;
  /** Milliseconds since the publish. */
  latency?: number;
  marks: Mark[];
};

export type Mark = "resumed" | "late" | "repeated";

type WithoutKey<T> = T extends unknown ? Omit<T, "key"> : never;
export type NewLine = WithoutKey<Line>;

/** The last lines, which the page sees some at a time. */
export type FrameList = {
  lines: ReadonlySignal<readonly Line[]>;
  add: (line: NewLine) => void;
  clear: () => void;
};

const maxLines = 500;
/** Milliseconds for which further lines are shown together. */
const together = 30;

export function frameList(): FrameList {
  const lines = signal<readonly Line[]>([]);
  let added: Line[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let key = 0;
  return {
    lines,
    add(line) {
      added.push({ ...line, key: key++ });
      timer ??= setTimeout(() => {
        lines.value = [...lines.value, ...added].slice(-maxLines);
        added = [];
        timer = undefined;
      }, together);
      if (added.length > maxLines) added.shift();
    },
    clear() {
      added = [];
      lines.value = [];
    },
  };
}

import { signal } from "@preact/signals";
import { noteOwn } from "./measures.ts";
import { callStack, wordsOf, type Answer } from "./requests.ts";

/** What is to be published, and where. */
export type Publication = { channel: string; text: string; isJson: boolean };

/** What became of a publish: the members of its answer or, later, of its report. */
export type Outcome = {
  id: string;
  channel: string;
  delivered: number;
  gone: number;
  failed: number;
  pending: number;
  isFinal: boolean;
  /** Milliseconds until the publish was answered. */
  milliseconds: number;
};

/** The last publish that was answered. */
export const outcome = signal<Outcome | undefined>(undefined);
/** Why the last publish failed; undefined where it did not. */
export const refusal = signal<string | undefined>(undefined);
/** Publishes that were answered with a 2xx since the page was opened. */
export const answered = signal(0);
/** Whether publishes go out at a rate. */
export const isRepeating = signal(false);

/** Milliseconds between two looks at a report that is not final. */
const reportMilliseconds = 500;
/** Publishes that may wait for an answer before further ones are left out. */
const maxUnderWay = 50;

let underWay = 0;
let timer: ReturnType<typeof setInterval> | undefined;

export async function publish({ channel, text, isJson }: Publication): Promise<void> {
  underWay++;
  noteOwn(text);
  const path = `channels/${encodeURIComponent(channel)}/messages`;
  const answer = await callStack("POST", path, { text, isJson });
  underWay--;
  if (answer.status !== 200 && answer.status !== 202) {
    refusal.value = wordsOf(answer);
    return;
  }
  refusal.value = undefined;
  answered.value++;
  const first = outcomeOf(answer, answer.milliseconds);
  outcome.value = first;
  if (!first.isFinal) follow(first);
}

/** Looks at the report until it is final, as long as no later publish takes its place. */
function follow(shown: Outcome): void {
  setTimeout(() => {
    void (async () => {
      if (outcome.value !== shown) return;
      const { channel, id, milliseconds } = shown;
      const path = `channels/${encodeURIComponent(channel)}/messages/${id}/delivery`;
      const answer = await callStack("GET", path);
      if (outcome.value !== shown) return;
      const next = answer.status === 200 ? outcomeOf(answer, milliseconds) : { ...shown };
      outcome.value = next;
      if (!next.isFinal) follow(next);
    })();
  }, reportMilliseconds);
}

function outcomeOf({ value = {} }: Answer, milliseconds: number): Outcome {
  const number = (name: string) => Number(value[name] ?? 0);
  return {
    id: String(value.id),
    channel: String(value.channel),
    ...{ delivered: number("delivered"), gone: number("gone") },
    ...{ failed: number("failed"), pending: number("pending") },
    isFinal: value.finishedAt !== null,
    milliseconds,
  };
}

/** Publishes so many times a second, until it is stopped. */
export function startRepeating(publication: Publication, perSecond: number): void {
  stopRepeating();
  isRepeating.value = true;
  timer = setInterval(() => {
    if (underWay < maxUnderWay) void publish(publication);
  }, 1000 / perSecond);
}

export function stopRepeating(): void {
  clearInterval(timer);
  isRepeating.value = false;
}

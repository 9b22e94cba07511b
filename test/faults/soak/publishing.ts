import { contentOf, type Draft } from "./message.ts";
import type { Model } from "./model.ts";
import type { Attempt, MessageRecord } from "./records.ts";

// What the model is told of messages that somebody publishes.

/** A message that nobody has published yet. */
export function newMessage(model: Model, channel: string, draft: Draft): MessageRecord {
  const serial = model.nextSerial();
  const record = { serial, channel, content: contentOf("m", serial, draft), attempts: [] };
  model.messages.set(serial, record);
  return record;
}

/** Somebody begins to publish it. */
export function beginAttempt(
  model: Model,
  { serial, channel, attempts }: MessageRecord,
  by: string,
): Attempt {
  const attempt: Attempt = {
    ...{ beganAt: model.tick(), answeredAt: undefined, answer: undefined, isRefused: false },
  };
  attempts.push(attempt);
  note(model, serial, channel, `${by} publishes m${serial} to ${channel}`);
  return attempt;
}

/** He has an answer, or knows that none comes. */
export function endAttempt(
  model: Model,
  { serial, channel }: MessageRecord,
  attempt: Attempt,
  text: string,
  known: Partial<Pick<Attempt, "answer" | "isRefused">>,
): void {
  Object.assign(attempt, { answeredAt: model.tick() }, known);
  note(model, serial, channel, `m${serial} is answered ${text}`);
}

function note({ diary }: Model, serial: number, channel: string, text: string): void {
  diary.note(`m${serial}`, text);
  diary.note(channel, text);
}

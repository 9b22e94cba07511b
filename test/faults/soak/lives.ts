import type { Model } from "./model.ts";
import type { ClientRecord, MessageRecord } from "./records.ts";

/** From when on a client need not be there: it left, or somebody has, or may have, closed it. */
export function endOf({ asked }: Model, { name, ended }: ClientRecord): number {
  const closings = asked.filter(
    ({ kind, client, status }) => kind === "delete" && client === name && !isRefusal(status),
  );
  return Math.min(ended?.at ?? Infinity, ...closings.map(({ from }) => from));
}

/** Whether a client is gone for certain: it was refused, it has ended, or it is told to be closed. */
export function isGone({ asked }: Model, { name, openedAt, ended }: ClientRecord): boolean {
  const isDeleted = asked.some(
    ({ kind, client, status }) => kind === "delete" && client === name && status === 204,
  );
  return openedAt === undefined || ended !== undefined || isDeleted;
}

/** Whether nothing was done. */
export function isRefusal(status: number): boolean {
  return status >= 400 && status < 500;
}

export function isOpenThroughout(
  model: Model,
  client: ClientRecord,
  from: number,
  to: number,
): boolean {
  const { openedAt = Infinity } = client;
  return openedAt <= from && endOf(model, client) > to;
}

/**
 * Whether the client reads all that is sent to it until `to`: it stays until the end of the round, or
 * it leaves later, by a close frame that the other side has answered.
 */
export function readsUntil(model: Model, client: ClientRecord, to: number): boolean {
  const end = endOf(model, client);
  if (end === Infinity) return true;
  return end > to && end === client.ended?.at && client.ended.isClean;
}

/** When somebody first began to publish it. */
export function beganAt({ attempts }: MessageRecord): number {
  return Math.min(...attempts.map(({ beganAt: at }) => at));
}

/** The ids under which it was acknowledged. */
export function acknowledgedIds({ attempts }: MessageRecord): Set<string> {
  return new Set(attempts.flatMap(({ answer }) => (answer === undefined ? [] : [answer.id])));
}

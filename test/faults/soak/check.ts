import { checkDelivery, type DeliveryCounts } from "./check-delivery.ts";
import { checkHistory } from "./check-history.ts";
import { checkIds, checkSubscribed } from "./check-ids.ts";
import { checkRows, type Row } from "./check-rows.ts";
import { checkTold } from "./check-told.ts";
import type { Model } from "./model.ts";
import type { Violation } from "./records.ts";

/** What is found when all is quiet. */
export type Outcome = {
  endAt: number;
  /** Whether every message is kept until the end of the round. */
  isKept: boolean;
  /** Whether the table loses no answer, which makes the SDK send a request again that was done. */
  countsOnce: boolean;
  rows: Row[];
  /** The last message of each channel, by its serial, sent when all was quiet. */
  probes: ReadonlyMap<string, number>;
  /** Clients whose end nobody could tell the functions of. */
  mayStay: ReadonlySet<string>;
};

export type Verdict = {
  violations: Violation[];
  counts: DeliveryCounts & {
    /** Times that `recovered` was false although all was kept. */
    needless: number;
  };
};

/** Judges a round. */
export function check(model: Model, outcome: Outcome): Verdict {
  const delivery = checkDelivery(model, outcome.endAt);
  const ids = checkIds(model);
  const subscribed = checkSubscribed(model, ids.existing, outcome);
  const violations = [
    ...delivery.violations,
    ...ids.violations,
    ...subscribed.violations,
    ...(outcome.isKept ? checkHistory(model) : []),
    ...checkTold(model, outcome.endAt),
    ...checkRows(model, outcome.rows, outcome),
  ];
  return { violations, counts: { ...delivery.counts, needless: subscribed.needless } };
}

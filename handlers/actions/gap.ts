import type { Clock } from "../aws/clock.ts";
import { settledMilliseconds } from "../protocol/message.ts";
import type { KeptMessage } from "../store/history.ts";

// Between two kept messages numbers may be missing: their messages are about to be kept, or have
// expired, or never were, since their publish failed after it had taken its number.

/**
 * Returns whether a message may still be kept whose number is missing; the latest that is missing was
 * taken at `numberedAt`, in milliseconds since the epoch.
 */
export function isOpen(clock: Clock, numberedAt: number): boolean {
  return clock.now() - numberedAt < settledMilliseconds;
}

/**
 * Returns whether what is missing after the message `before`, and can no longer be kept, never was.
 * It was numbered after `before`, and would be kept for as long from its own time on, which is at most
 * the 29 seconds earlier that `before` took to be kept: as long as `before` has more than those, it
 * cannot have expired.
 */
export function wasNeverKept(
  clock: Clock,
  before: Pick<KeptMessage, "expiresAt"> | undefined,
): boolean {
  return before !== undefined && before.expiresAt * 1000 - clock.now() > expiryMilliseconds;
}

const expiryMilliseconds = 35_000;

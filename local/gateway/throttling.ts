import type { StageDescription } from "../graph/api-description.ts";
import type { Clock } from "../shared/clock.ts";

/** A bucket of tokens: `rate` come each second, and at most `burst` are in it. */
export type Limit = NonNullable<StageDescription["throttling"]>;

/** Asks whether a request may go on; where not, it gets 429. */
export type Throttle = {
  /** A request of a client, or a frame: it counts against the account and its stage. */
  request: () => boolean;
  /** A handshake: it counts against the account's new connections as well. */
  handshake: () => boolean;
  /** A request to @connections: it counts against the account alone, which has one limit for all APIs. */
  callback: () => boolean;
};

export type Account = Record<"requests" | "handshakes", Bucket>;

/**
 * What API Gateway takes of one account and region, by default. A new connection takes one token of
 * 500 a second; that as many may come at once is inferred.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
 */
const accountLimits = {
  requests: { rate: 10_000, burst: 5_000 },
  handshakes: { rate: 500, burst: 500 },
};

/** The buckets that all APIs of the account share. */
export function accountOf(clock: Clock, limits = accountLimits): Account {
  return {
    requests: new Bucket(clock, limits.requests),
    handshakes: new Bucket(clock, limits.handshakes),
  };
}

/** Throttles what comes to a stage by the account and by the stage's own limit. */
export function throttleOf(account: Account, stage: StageDescription, clock: Clock): Throttle {
  const ofStage = stage.throttling && new Bucket(clock, stage.throttling);
  const buckets = [account.requests, ...(ofStage ? [ofStage] : [])];
  return {
    request: () => take(...buckets),
    handshake: () => take(account.handshakes, ...buckets),
    callback: () => take(account.requests),
  };
}

/** Where nothing is throttled. */
export const unthrottled: Throttle = {
  request: () => true,
  handshake: () => true,
  callback: () => true,
};

/** Takes a token of each bucket, or of none where one is empty. */
function take(...buckets: Bucket[]): boolean {
  if (!buckets.every((bucket) => bucket.hasToken())) return false;
  for (const bucket of buckets) bucket.take();
  return true;
}

export class Bucket {
  readonly #clock: Clock;
  readonly #limit: Limit;
  #tokens: number;
  #filledAt: number;

  constructor(clock: Clock, limit: Limit) {
    this.#clock = clock;
    this.#limit = limit;
    this.#tokens = limit.burst;
    this.#filledAt = clock.now();
  }

  hasToken(): boolean {
    const now = this.#clock.now();
    const { rate, burst } = this.#limit;
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#filledAt) * rate) / 1_000);
    this.#filledAt = now;
    return this.#tokens >= 1;
  }

  take(): void {
    this.#tokens -= 1;
  }
}

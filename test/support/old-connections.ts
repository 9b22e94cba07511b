import { systemClock, type Clock } from "../../local/shared/clock.ts";

/**
 * A clock for the local stack that is a minute behind that of its functions: every connection is a
 * minute old for them when it opens, so that a 410 means that it is gone, not that it may be connecting.
 */
export const behindClock: Clock = { ...systemClock, now: () => systemClock.now() - 60_000 };

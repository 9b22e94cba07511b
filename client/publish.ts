import { ChannelsError, isPassing } from "./types.ts";

/** Returns a key for one publish, however often it has to be sent. */
export function newKey(): string {
  return crypto.getRandomValues(new Uint32Array(4)).join("-");
}

/**
 * Sends something until it goes well, and waits longer after each try. Throws what no other try would mend;
 * where the network is in the way, only if `waits` is false.
 */
export async function untilSent<Answer>(
  send: () => Promise<Answer>,
  backoff: (tries: number) => Promise<unknown>,
  waits = true,
): Promise<Answer> {
  for (let tries = 0; ;) {
    try {
      return await send();
    } catch (error) {
      const isLost = error instanceof ChannelsError && error.code === "lost";
      if (isLost ? !waits : !isPassing(error)) throw error;
      await backoff(tries++);
    }
  }
}

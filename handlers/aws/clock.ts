/** Time as a delivery sees it, so that a test can let it pass. */
export type Time = {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls back once, unless the function that it gives is called before. */
  after(milliseconds: number, callback: () => void): () => void;
};

export const systemTime: Time = {
  now: () => Date.now(),
  after(milliseconds, callback) {
    const timeout = setTimeout(callback, milliseconds);
    return () => {
      clearTimeout(timeout);
    };
  },
};

export function sleep(time: Time, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    time.after(milliseconds, resolve);
  });
}

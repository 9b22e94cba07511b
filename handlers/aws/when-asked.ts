/**
 * Returns what is made when it is first asked for, and once for all who ask. What could not be made is
 * made anew for the next who asks.
 */
export function whenAsked<Made>(make: () => Promise<Made>): () => Promise<Made> {
  let made: Promise<Made> | undefined;
  return () =>
    (made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    }));
}

/** Returns when a token ends, in milliseconds since the epoch; Infinity where it does not say. */
export function endOfToken(token = ""): number {
  try {
    const payload = token.split(".")[1] ?? "";
    const json = atob(payload.replace(/-/g, "+").replace(/_/g, "/"));
    return (JSON.parse(json) as { exp: number }).exp * 1000 || Infinity;
  } catch {
    return Infinity;
  }
}

/** Does the same for a signed URL. */
export function endOfSignature({ searchParams }: URL): number {
  const signed = (searchParams.get("X-Amz-Date") ?? "").replace(
    /(....)(..)(.....)(..)/,
    "$1-$2-$3:$4:",
  );
  return Date.parse(signed) + Number(searchParams.get("X-Amz-Expires")) * 1000 || Infinity;
}

/** Splits the target of a request line at its first `?`. Both parts stay encoded. */
export function requestTarget(url = ""): { path: string; query: string } {
  const [path = "", query = ""] = url.split(/\?(.*)/s);
  return { path, query };
}

/** The two parts of a request line's target, as they are; the query without its `?`. */
export function requestTarget(url = ""): { path: string; query: string } {
  const [path = "", query = ""] = url.split(/\?(.*)/s);
  return { path, query };
}

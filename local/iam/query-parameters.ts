import { unescape } from "node:querystring";

/** The decoded parameters in the query of a request line's target. A `+` stands for itself. */
export function queryParameters(url: string): { name: string; value: string }[] {
  const [, query = ""] = url.split(/\?(.*)/s, 2);
  return query
    .split("&")
    .filter((parameter) => parameter !== "")
    .map((parameter) => {
      const [name = "", value = ""] = parameter.split(/=(.*)/s, 2);
      return { name: unescape(name), value: unescape(value) };
    });
}

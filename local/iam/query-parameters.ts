import { unescape as unescaped } from "node:querystring";
import { requestTarget } from "../shared/request-target.ts";

/** Returns the decoded parameters of a request's query. A `+` stands for itself. */
export function queryParameters(url: string): { name: string; value: string }[] {
  return requestTarget(url)
    .query.split("&")
    .filter((parameter) => parameter !== "")
    .map((parameter) => {
      const [name = "", value = ""] = parameter.split(/=(.*)/s, 2);
      return { name: unescaped(name), value: unescaped(value) };
    });
}

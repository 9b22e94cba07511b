import assert from "node:assert/strict";
import { requestTarget } from "../../../../local/shared/request-target.ts";

describe("the target of a request", () => {
  const targets: [string | undefined, string, string][] = [
    ["/staging", "/staging", ""],
    ["/staging?", "/staging", ""],
    ["/staging?a=1&b=2", "/staging", "a=1&b=2"],
    ["/staging?a=1?b", "/staging", "a=1?b"],
    ["?a", "", "a"],
    [undefined, "", ""],
  ];
  for (const [url, path, query] of targets) {
    it(`of ${url ?? "no URL"} is the path "${path}" and the query "${query}"`, () => {
      assert.deepEqual(requestTarget(url), { path, query });
    });
  }
});

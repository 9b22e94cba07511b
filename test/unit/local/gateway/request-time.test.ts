import assert from "node:assert/strict";
import { requestTime } from "../../../../local/gateway/request-time.ts";

describe("request time", () => {
  it("is written as API Gateway writes it", () => {
    assert.equal(requestTime(Date.UTC(2020, 2, 12, 19, 3, 58, 999)), "12/Mar/2020:19:03:58 +0000");
    assert.equal(requestTime(Date.UTC(2026, 11, 1)), "01/Dec/2026:00:00:00 +0000");
  });
});

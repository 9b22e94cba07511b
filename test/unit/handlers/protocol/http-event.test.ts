import assert from "node:assert/strict";
import { jsonResult, problemResult } from "../../../../handlers/protocol/http-event.ts";
import { Problem } from "../../../../handlers/protocol/problem.ts";

describe("the result of a request", () => {
  it("is JSON as it is written, with its status", () => {
    assert.deepEqual(jsonResult(202, '{"id":"k3f9x2-1","data":1.0}'), {
      statusCode: 202,
      headers: { "content-type": "application/json" },
      body: '{"id":"k3f9x2-1","data":1.0}',
    });
  });

  it("is a problem by RFC 9457, whose title is that of the status", () => {
    const problem = new Problem("idempotency-key-reused", 'Take a "new" key.');
    assert.deepEqual(problemResult(problem), {
      statusCode: 422,
      headers: { "content-type": "application/problem+json" },
      body: '{"title":"Unprocessable Entity","status":422,"code":"idempotency-key-reused","detail":"Take a \\"new\\" key."}',
    });
  });

  it("says after how many seconds to try again, where that is known", () => {
    const { headers } = problemResult(new Problem("request-in-progress", "Wait.", 2));
    assert.deepEqual(headers, { "content-type": "application/problem+json", "retry-after": "2" });
  });
});

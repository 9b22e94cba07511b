import assert from "node:assert/strict";
import { mock } from "node:test";
import { log, startLog, thrown } from "../../../../handlers/aws/log.ts";

const ofAnyLine = ["level", "timestamp", "service", "sampling_rate", "xray_trace_id"];

describe("the log of an event", () => {
  const level = log.getLevelName();
  before(() => {
    log.setLogLevel("INFO");
  });
  after(() => {
    log.resetKeys();
    log.setLogLevel(level);
  });

  /** Of the line that is written, all that differs from event to event. */
  function lineOf(write: () => void): object {
    const { mock: written } = mock.method(process.stdout, "write", () => true);
    try {
      write();
    } finally {
      written.restore();
    }
    const [line, ...others] = written.calls.map(({ arguments: [text] }) => String(text));
    assert.deepEqual(others, []);
    const entries = Object.entries(JSON.parse(line ?? "") as object);
    return Object.fromEntries(entries.filter(([name]) => !ofAnyLine.includes(name)));
  }

  const requestContext = { requestId: "gateway's", connectionId: "alice", routeKey: "publish" };

  it("has the id of the request, the connection and the route on each line", () => {
    startLog({ requestContext }, { awsRequestId: "lambda's" });
    for (const message of ["first", "second"]) {
      assert.deepEqual(
        lineOf(() => {
          log.info(message, { id: "k3f9x2-1" });
        }),
        {
          ...{ message, id: "k3f9x2-1" },
          ...{ requestId: "gateway's", connectionId: "alice", route: "publish" },
        },
      );
    }
  });

  for (const [whose, parts, keys] of [
    [
      "a token's owner at a WebSocket",
      { identity: { sourceIp: "192.0.2.7" }, authorizer: { principalId: "alice" } },
      { sourceIp: "192.0.2.7", principal: "alice" },
    ],
    [
      "who has signed a handshake",
      { identity: { sourceIp: "192.0.2.7", userArn: "arn:aws:iam::1:user/a" } },
      { sourceIp: "192.0.2.7", principal: "arn:aws:iam::1:user/a" },
    ],
    [
      "a token's owner at the HTTP API",
      { http: { sourceIp: "192.0.2.7" }, authorizer: { jwt: { claims: { sub: "alice" } } } },
      { sourceIp: "192.0.2.7", principal: "alice" },
    ],
    [
      "who has signed a request",
      {
        http: { sourceIp: "192.0.2.7" },
        authorizer: { iam: { userArn: "arn:aws:iam::1:user/a" } },
      },
      { sourceIp: "192.0.2.7", principal: "arn:aws:iam::1:user/a" },
    ],
    ["nobody known", { http: { sourceIp: "192.0.2.7" } }, { sourceIp: "192.0.2.7" }],
  ] as const) {
    it(`names ${whose}, and the address`, () => {
      startLog({ requestContext: { requestId: "r", ...parts } }, { awsRequestId: "lambda's" });
      const line = lineOf(() => {
        log.info("Published");
      });
      assert.deepEqual(line, { message: "Published", requestId: "r", ...keys });
    });
  }

  it("has nothing of the event before, and Lambda's id where the event has none", () => {
    startLog({ requestContext }, { awsRequestId: "first" });
    startLog({}, { awsRequestId: "second" });
    const line = lineOf(() => {
      log.info("Job done");
    });
    assert.deepEqual(line, { message: "Job done", requestId: "second" });
  });

  it("takes whatever was thrown as an Error", () => {
    const error = new TypeError("lost");
    assert.equal(thrown(error), error);
    assert.deepEqual(thrown("lost"), new Error("lost"));
    assert.deepEqual(thrown(undefined), new Error("undefined"));
  });
});

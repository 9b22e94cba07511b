import assert from "node:assert/strict";
import { once } from "node:events";
import { request, type IncomingMessage } from "node:http";
import { stackEvents } from "../../../../console/server/events.ts";
import { faultSwitch } from "../../../../local/cli/fault-switch.ts";
import { faultKinds } from "../../../../local/cli/read-faults.ts";
import { startConsole, type RunningConsole } from "./running-console.ts";

describe("the console of a stack on this machine", () => {
  const graph = { nodes: [], edges: [] };
  const figures = [
    {
      ...{ title: "Open connections", view: "singleValue" as const, minutes: 130 },
      ...{ isOnlyOnAws: false, seconds: [0], lines: [{ label: "open", values: [3] }] },
    },
  ];
  let events: ReturnType<typeof stackEvents>;
  let faults: ReturnType<typeof faultSwitch>;
  let running: RunningConsole;
  beforeEach(async () => {
    events = stackEvents(() => 1);
    faults = faultSwitch(["post:429:100%"]);
    const faultPart = { ...faults, kinds: faultKinds };
    const local = { events, faults: faultPart, graph: () => graph, figures: () => figures };
    running = await startConsole({}, local);
  });
  afterEach(() => running.close());

  const put = (body: string) => running.send("PUT", "/api/faults", {}, body);
  const fault = () => faults.faults.post?.("id");

  it("says which faults there are, and which are chosen", async () => {
    const { body } = await running.send("GET", "/api/faults");
    assert.deepEqual(JSON.parse(body), { kinds: faultKinds, chosen: ["post:429:100%"] });
  });

  it("switches them", async () => {
    assert.equal(fault(), 429);
    const { status, body } = await put('{"chosen":["post:hang:100%"]}');
    assert.equal(status, 200);
    assert.deepEqual(JSON.parse(body), { kinds: faultKinds, chosen: ["post:hang:100%"] });
    assert.equal(fault(), "hang");
    await put('{"chosen":[]}');
    assert.equal(fault(), undefined);
  });

  it("says what is wrong with others, and leaves them as they are", async () => {
    for (const [body, said] of [
      ['{"chosen":["post:418:10%"]}', /"post:418:10%" is unknown: there are post:410, /],
      ['{"chosen":["post:429:0%"]}', /"post:429:0%" has no share above 0% and up to 100%/],
      ['{"chosen":["post:429:60%","post:500:60%"]}', /the shares come to 120%/],
      ['{"chosen":"post:429:10%"}', /^Faults are chosen by /],
      ['{"chosen":[1]}', /^Faults are chosen by /],
      ["nonsense", /^Faults are chosen by /],
    ] as const) {
      const answer = await put(body);
      assert.equal(answer.status, 400);
      assert.match((JSON.parse(answer.body) as { message: string }).message, said);
    }
    assert.equal(fault(), 429);
  });

  it("shows the graph of the stack", async () => {
    assert.deepEqual(JSON.parse((await running.send("GET", "/api/graph")).body), graph);
  });

  it("shows what the dashboard of the program shows now", async () => {
    assert.deepEqual(JSON.parse((await running.send("GET", "/api/figures")).body), figures);
  });

  it("sends what has happened, what happens, and only what is new to one that comes again", async () => {
    events.onLog("http", "before");
    const first = await follow();
    assert.deepEqual(await first.next(), [1, { ...log, line: "before" }]);
    events.onLog("http", "then");
    assert.deepEqual(await first.next(), [2, { ...log, line: "then" }]);
    first.end();
    const again = await follow("1");
    assert.deepEqual(await again.next(), [2, { ...log, line: "then" }]);
    again.end();
  });

  const log = { type: "log", functionName: "http", time: 1 };

  /** Follows the events from one number on. */
  async function follow(last?: string) {
    const headers = last === undefined ? {} : { "last-event-id": last };
    const asked = request({ port: running.port, host: "127.0.0.1", path: "/api/events", headers });
    asked.end();
    const [response] = (await once(asked, "response")) as [IncomingMessage];
    assert.equal(response.headers["content-type"], "text/event-stream");
    const chunks: AsyncIterator<string> = response.setEncoding("utf8")[Symbol.asyncIterator]();
    return {
      async next() {
        const { value } = (await chunks.next()) as { value: string };
        const [, id, data = ""] = /^id: (\d+)\ndata: (.*)\n\n$/.exec(value) ?? [];
        return [Number(id), JSON.parse(data)] as const;
      },
      end: () => asked.destroy(),
    };
  }
});

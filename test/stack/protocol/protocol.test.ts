import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { projectFolder } from "../../support/project-copy.ts";
import { readExamples } from "./examples.ts";
import { ProtocolRunner } from "./runner.ts";
import { startTestStack, type TestStack } from "../../support/test-stack.ts";

describe("docs/protocol.md", () => {
  let stack: TestStack;
  let text: string;
  before(async () => {
    text = await readFile(join(projectFolder, "docs/protocol.md"), "utf8");
    // Nobody waits ten seconds for a member to leave.
    stack = await startTestStack({
      config: { presenceGraceSeconds: "0", prefixSubscriptions: "true" },
    });
  });
  after(() => stack.close());

  it("has only examples that hold, run from its first to its last", async () => {
    const runner = new ProtocolRunner(stack);
    for (const step of readExamples(text)) await runner.take(step);
    await runner.end();
  });

  it("has an example of every action and every request", () => {
    const steps = readExamples(text);
    const sent = steps.flatMap((step) => (step.do === "send" ? [step.frame] : []));
    const requests = steps.flatMap((step) =>
      step.do === "request" ? [`${step.method} ${step.path.replace(/\?.*/, "")}`] : [],
    );
    const { webSocketApis, httpApis } = stack.description;
    for (const { routeKey } of webSocketApis.flatMap(({ routes }) => routes)) {
      if (routeKey.startsWith("$")) continue;
      const isShown = sent.some((frame) => frame.includes(`"action":"${routeKey}"`));
      assert.ok(isShown, `${routeKey} has no example`);
    }
    for (const { routeKey } of httpApis.flatMap(({ routes }) => routes)) {
      const isShown = requests.some((request) => pattern(routeKey).test(request));
      assert.ok(isShown, `${routeKey} has no example`);
    }
  });

  it("names for each thing to rely on a test that there is", async () => {
    const [, section = ""] = text.split("## What a client may rely on\n");
    const rows = [...section.matchAll(/\| `([\w./-]+\.test\.ts)`: (.*?) *\|$/gm)];
    assert.ok(rows.length > 10, String(rows.length));
    for (const [, file = "", title = ""] of rows) {
      const source = await readFile(join(projectFolder, "test", file), "utf8");
      assert.ok(source.includes(`"${title}"`), `${file} has no test "${title}"`);
    }
  });

  it("says what every error code means, with its status", async () => {
    const source = await readFile(join(projectFolder, "handlers/protocol/problem.ts"), "utf8");
    const codes = [...source.matchAll(/^ {2}"?([\w-]+)"?: (\d{3}),$/gm)];
    assert.ok(codes.length > 10);
    const rows = [...text.matchAll(/^\| `([\w-]+)` +\| (\d{3}) +\|/gm)];
    const listed = (matches: RegExpExecArray[]) =>
      matches.map(([, code = "", status = ""]) => `${status} ${code}`);
    assert.deepEqual(listed(rows), listed(codes));
  });
});

function pattern(routeKey: string): RegExp {
  return new RegExp(`^${routeKey.replaceAll(".", "\\.").replace(/\{\w+\}/g, "[^/]+")}$`);
}

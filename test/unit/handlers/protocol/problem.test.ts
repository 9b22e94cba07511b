import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { internal, Problem, type ProblemCode } from "../../../../handlers/protocol/problem.ts";
import { projectFolder } from "../../../support/project-copy.ts";

describe("a problem", () => {
  it("has the status that the protocol's page gives its code", async () => {
    const page = await readFile(join(projectFolder, "docs/protocol.md"), "utf8");
    const rows = [...page.matchAll(/^\| `([a-z0-9-]+)` +\| (\d{3}) +\|/gm)];
    assert.ok(rows.length > 10, String(rows.length));
    for (const [, code, status] of rows) {
      const problem = new Problem(code as ProblemCode, "No.");
      assert.equal(`${code} ${problem.status}`, `${code} ${status}`);
    }
  });

  it("is an Error that is told to the client as it stands", () => {
    const problem = new Problem("invalid-data", "There is none: send some.");
    assert.ok(problem instanceof Error);
    assert.equal(String(problem), "Problem: There is none: send some.");
    assert.equal(problem.code, "invalid-data");
  });

  it("tells of an error that is ours no more than that it is", () => {
    assert.equal(internal.status, 500);
    assert.match(internal.message, /failed on our side/);
  });
});

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { projectFolder } from "../support/project-copy.ts";
import { pulumiDay, type PulumiDay } from "./pulumi-day.ts";

/** Lines that need an account, or what a copy of the project has already. */
const others = /^(aws |npm ci$|pulumi login$)/;

// The page is one day: each block begins where the one before has ended.
describe("docs/deploy.md", () => {
  let day: PulumiDay;
  let page: string;
  before(async () => {
    day = await pulumiDay();
    page = await readFile(join(projectFolder, "docs/deploy.md"), "utf8");
  });
  after(() => day.end());

  it("has no command that does not work", async function () {
    const blocks = [...page.matchAll(/^```sh\n(.*?)^```$|^ +- run: \|\n(.*?)^ +env:$/gms)];
    const lines = blocks.flatMap(([, shell, workflow]) =>
      (shell ?? workflow ?? "").split("\n").map((line) => line.trim()),
    );
    const commands = lines.filter((line) => line !== "" && !others.test(line));
    for (const command of commands) {
      assert.match(command, /^pulumi /);
      const [, ...args] = command.split(" ");
      // What a terminal would ask.
      if (command.startsWith("pulumi stack rm ")) args.push("--yes");
      await day.succeed(...args);
    }
    assert.ok(commands.length > 20, `${commands.length} commands`);
    // The first stack is still there, and nobody has said how to end it but for the last block.
    assert.match(await day.succeed("stack", "ls"), /^staging/m);
  });
});

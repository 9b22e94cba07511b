import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { projectFolder } from "../support/project-copy.ts";
import { pulumiDay, type PulumiDay } from "./pulumi-day.ts";

describe("pulumi new", () => {
  let folder: string;
  let day: PulumiDay;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "template-"));
    // What is installed is not what is tested.
    const npm = join(folder, "bin/npm");
    await mkdir(join(folder, "bin"));
    await writeFile(npm, `#!/bin/sh\nexec ln -s ${projectFolder}node_modules node_modules\n`);
    await chmod(npm, 0o755);
    day = await pulumiDay({ path: join(folder, "bin") });
  });
  after(async () => {
    await day.end();
    await rm(folder, { recursive: true });
  });

  it("makes a project of another name, with a stack that can be deployed", async () => {
    const template = join(folder, "template");
    const own = join(folder, "own");
    const files = execFileSync("git", ["ls-files"], { cwd: projectFolder, encoding: "utf8" });
    await mkdir(template);
    execFileSync("cp", ["--parents", "-t", template, ...files.trim().split("\n")], {
      cwd: projectFolder,
    });
    const asked = ["--config", "auth=none", "--config", "aws:region=eu-west-1"];
    const names = ["--name", "chat", "--stack", "dev", "--dir", own, "--yes"];
    await day.succeed("new", template, ...names, ...asked);

    const config = parse(await readFile(join(own, "Pulumi.dev.yaml"), "utf8")) as unknown;
    assert.deepEqual((config as { config: unknown }).config, {
      "aws:profile": "default",
      "aws:region": "eu-west-1",
      "chat:auth": "none",
    });
    for (const stack of ["dev", "staging"]) {
      if (stack === "staging") await day.succeed("stack", "init", stack, "--cwd", own);
      const preview = await day.succeed("preview", "--stack", stack, "--cwd", own);
      assert.match(preview, /\+ 102 to create/);
    }
  });
});

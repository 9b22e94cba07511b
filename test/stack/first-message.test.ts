import assert from "node:assert/strict";
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { freePorts } from "../support/command.ts";
import { projectFolder } from "../support/project-copy.ts";

const children: ChildProcess[] = [];

/** Starts a command in a process group of its own, which ends with the tests even if they fail. */
function run(command: string): ChildProcess & { stdout: Readable; stderr: Readable } {
  const child = spawn(command, {
    cwd: projectFolder,
    shell: true,
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  children.push(child);
  return child;
}

function linesOf(stream: Readable): () => Promise<string> {
  const lines = createInterface({ input: stream })[Symbol.asyncIterator]();
  return async () => {
    const line = await lines.next();
    assert.ok(!line.done, "the process ended early");
    return line.value;
  };
}

describe("npm start", () => {
  afterEach(() => {
    for (const child of children.splice(0)) interrupt(child);
  });

  it("does what the README says, with the real wscat and curl", async function () {
    this.timeout(60_000);
    const readme = await readFile(join(projectFolder, "README.md"), "utf8");
    const { scripts } = JSON.parse(await readFile(join(projectFolder, "package.json"), "utf8")) as {
      scripts: { start: string };
    };

    // The script that npm runs: npm itself would answer Ctrl-C with an exit status of its own.
    const start = run(`exec ${scripts.start} ${freePorts.join(" ")}`);
    const said = linesOf(start.stdout);
    const lines = [await said(), await said(), await said(), await said(), await said()];
    const text = lines
      .join("\n")
      .replace(/ws:\/\/127\.0\.0\.1:\d+/g, "ws://127.0.0.1:3001")
      .replace(/(console +http:\/\/127\.0\.0\.1):\d+/, "$1:3002")
      .replace(/http:\/\/127\.0\.0\.1:(?!3002\/)\d+/g, "http://127.0.0.1:3000");
    assert.ok(readme.includes(text), text);

    const logged = linesOf(start.stderr);
    const wscat = run(lines[3]?.replace("try", "").trim() ?? "");
    const frame = linesOf(wscat.stdout);
    while (!(await logged()).includes('"message":"Connected"'));
    assert.match(
      await publish(lines[4]?.trim() ?? ""),
      /^\{"id":"[a-z0-9]+-1","channel":"test","delivered":1,"gone":0,"failed":0,"pending":0,/,
    );
    assert.equal(await frame(), "message");
    // Without a terminal wscat drops its input until it has a connection: it has one now.
    wscat.stdin?.write("hello\n");
    assert.equal((await frame()).replace(/^(> )+/, ""), "hello");

    const exited = once(start, "exit");
    interrupt(wscat);
    interrupt(start);
    assert.deepEqual(await exited, [0, null]);
  });
});

/** Runs the curl line, or does the same with fetch if there is no curl. */
async function publish(line: string): Promise<string> {
  const [command = "", url = "", option = "", body = ""] = line.split(" ");
  assert.deepEqual([command, option], ["curl", "-d"]);
  if (spawnSync("curl", ["--version"]).error) {
    const form = { "content-type": "application/x-www-form-urlencoded" };
    return (await fetch(url, { method: "POST", body, headers: form })).text();
  }
  return linesOf(run(line).stdout)();
}

/** Sends Ctrl-C as a terminal does, to a command and all processes that it started. */
function interrupt({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, "SIGINT");
}

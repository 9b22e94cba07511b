import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startCommand, type RunningCommand } from "../support/command.ts";
import { projectFolder } from "../support/project-copy.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";

describe("npm run console", () => {
  let folder: string;
  let stack: TestStack | undefined;
  let running: RunningCommand | undefined;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "console-"));
  });
  afterEach(async () => {
    await running?.interrupt();
    await stack?.close();
    running = undefined;
    stack = undefined;
    await rm(folder, { recursive: true });
  });

  /** Starts a stack, and a Pulumi CLI in whose eyes it is deployed. */
  async function deploy(auth: string): Promise<TestStack> {
    stack = await startTestStack({ config: { auth } });
    const { websocketUrl, httpUrl } = stack;
    const { region } = stack.description;
    const config = { "websocket-channels:auth": { value: auth }, "aws:region": { value: region } };
    const answers = { stack: { websocketUrl, httpUrl }, config };
    const script = `#!/bin/sh\ncat ${folder}/$1.json\n`;
    await writeFile(join(folder, "pulumi"), script, { mode: 0o755 });
    for (const [name, answer] of Object.entries(answers)) {
      await writeFile(join(folder, `${name}.json`), JSON.stringify(answer));
    }
    return stack;
  }

  const start = (args: string[], environment: Record<string, string> = {}) => {
    const path = `${folder}:${process.env.PATH ?? ""}`;
    const all = { PATH: path, AWS_SESSION_TOKEN: "", TOKEN: "", ...environment };
    return startCommand("tools/console.ts", args, projectFolder, all);
  };
  const open = async (args: string[], environment: Record<string, string> = {}) => {
    running = start(["--stack", "production", "--port", "0", ...args], environment);
    const [, url = ""] = (await running.line(/^console /)).split(" ");
    return url;
  };
  const refusal = async (command: RunningCommand) => {
    const error: unknown = await command.line(/never/).catch((reason: unknown) => reason);
    assert.ok(error instanceof Error);
    assert.equal(await command.interrupt(), 1);
    return error.message.replace("No line matches /never/. ", "");
  };

  it("opens a deployed stack, which shows nothing of what only a laptop has", async () => {
    const { websocketUrl, httpUrl } = await deploy("none");
    const url = await open([]);
    const info: unknown = await (await fetch(`${url}api/stack`)).json();
    const facts = { name: "production", websocketUrl, httpUrl, auth: "none", isLocal: false };
    assert.deepEqual(info, facts);
    assert.equal((await fetch(`${url}api/http/channels`)).status, 200);
    for (const path of ["events", "faults", "graph"]) {
      assert.equal((await fetch(`${url}api/${path}`)).status, 404);
    }
  });

  it("signs with the AWS credentials of this machine", async () => {
    const { user = assert.fail() } = await deploy("iam");
    const url = await open([], {
      AWS_ACCESS_KEY_ID: user.accessKeyId,
      AWS_SECRET_ACCESS_KEY: user.secretAccessKey,
    });
    const path = `${url}api/http/channels/a:b/messages`;
    assert.equal((await fetch(path, { method: "POST", body: "signed" })).status, 200);
    assert.match(await (await fetch(`${path}?limit=1`)).text(), /"data":"signed"/);
  });

  it("sends the token that it is given, and ends where it has none", async () => {
    const { issuer = assert.fail() } = await deploy("jwt");
    assert.equal(
      await refusal(start(["--stack", "production"])),
      "Stack production wants a token of its issuer: give one by --token or in TOKEN.\n",
    );
    const token = await issuer.sign({ publish: ["*"] });
    const publish = async (url: string) =>
      (await fetch(`${url}api/http/`, { method: "POST", body: "hello" })).status;
    assert.equal(await publish(await open(["--token", token])), 200);
    await running?.interrupt();
    assert.equal(await publish(await open([], { TOKEN: token })), 200);
  });

  it("says what is missing, in one line", async () => {
    assert.match(await refusal(start([])), /^--stack is missing: say which one to open\.\nUsage: /);
    const options = ["--stack", "production", "--port", "eighty"];
    assert.match(await refusal(start(options)), /^--port is "eighty": it takes a port from 0 /);
    assert.equal(
      await refusal(start(["--stack", "production"], { PATH: folder })),
      "The Pulumi CLI is not installed: install it.\n",
    );
    await deploy("none");
    await writeFile(join(folder, "stack.json"), "{}");
    assert.equal(
      await refusal(start(["--stack", "production"])),
      "Stack production has no output websocketUrl: deploy it by pulumi up.\n",
    );
    await writeFile(join(folder, "config.json"), "{}");
    assert.equal(
      await refusal(start(["--stack", "production"])),
      "Stack production has no aws:region in its config.\n",
    );
  });
});

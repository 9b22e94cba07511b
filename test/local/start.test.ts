import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { freePorts } from "../support/command.ts";
import { copyProject, projectFolder } from "../support/project-copy.ts";

/** Runs `npm start` to its end; returns its exit code and its standard error. */
async function start(args: string[], folder = projectFolder) {
  const child = spawn(process.execPath, ["--import", "tsx/esm", "local/cli/start.ts", ...args], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said: string[] = [];
  child.stderr.setEncoding("utf8").on("data", (text: string) => said.push(text));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, said: said.join("") };
}

describe("npm start ends with one line and exit code 1", () => {
  it("where a port is in use", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    assert.deepEqual(await start(["--http-port", String(port), ...freePorts.slice(2)]), {
      code: 1,
      said: `Port ${port} is in use: choose another with --http-port.\n`,
    });
    server.close();
  });

  it("where the stack has no file", async () => {
    const { code, said } = await start([...freePorts, "--stack", "nowhere"]);
    assert.equal(code, 1);
    assert.match(said, /^Pulumi\.nowhere\.yaml cannot be read: ENOENT[^\n]*\n$/);
  });

  it("where a port is not a port", async () => {
    assert.deepEqual(await start(["--http-port", "eighty"]), {
      code: 1,
      said: '--http-port is "eighty": it takes a port from 0 to 65535.\n',
    });
  });

  for (const config of ["auth", "=none", ""]) {
    it(`where the config is "${config}"`, async () => {
      assert.deepEqual(await start([...freePorts, "--config", config]), {
        code: 1,
        said: `--config is "${config}": it takes KEY=VALUE, such as auth=jwt.\n`,
      });
    });
  }

  it("where the config that is given has a wrong value, or an unknown key", async () => {
    const wrong = await start([...freePorts, "--config", "historySeconds=-1"]);
    assert.equal(wrong.code, 1);
    assert.match(wrong.said, /^Stack config websocket-channels:historySeconds is "-1": [^\n]*\n$/);
    const unknown = await start([...freePorts, "--config", "websocket-channels:colour=red"]);
    assert.equal(unknown.code, 1);
    assert.match(unknown.said, /^Stack config websocket-channels:colour is unknown: [^\n]*\n$/);
  });

  it("where a fault is unknown", async () => {
    const { code, said } = await start([...freePorts, "--fault", "post:418:10%"]);
    assert.equal(code, 1);
    assert.match(said, /^--fault "post:418:10%" is unknown: there are post:410, [^\n]*\n$/);
  });

  it("where an option is unknown, with the options that there are", async () => {
    const { code, said } = await start(["--port", "1"]);
    assert.equal(code, 1);
    assert.match(said, /^Unknown option '--port'[^\n]*\nUsage: npm start -- \[options\]/);
  });

  it("where a handler does not bundle", async () => {
    const { folder, remove } = await copyProject();
    try {
      await writeFile(join(folder, "handlers/http.ts"), "export const handler = ;\n");
      const { code, said } = await start(freePorts, folder);
      assert.equal(code, 1);
      assert.match(said, /^handlers\/http\.ts:1:23: Unexpected ";"\n$/);
    } finally {
      await remove();
    }
  });
});

describe("npm start -- --help", () => {
  it("prints the options, one a line, and exits 0", async () => {
    const child = spawn(process.execPath, ["--import", "tsx/esm", "local/cli/start.ts", "--help"], {
      cwd: projectFolder,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const printed = text(child.stdout);
    assert.deepEqual(await once(child, "exit"), [0, null]);
    const options = (await printed).match(/^ {2}--[\w-]+/gm)?.map((option) => option.trim());
    assert.deepEqual(options, [
      ...[
        "--http-port",
        "--websocket-port",
        "--console-port",
        "--stack",
        "--config",
        "--fault",
        "--no-throttling",
        "--help",
      ],
    ]);
  });
});

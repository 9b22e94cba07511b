import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Client } from "../support/client.ts";
import { freePorts, startCommand, type RunningCommand } from "../support/command.ts";
import { copyProject, type ProjectCopy } from "../support/project-copy.ts";

describe("npm run dev", () => {
  let project: ProjectCopy;
  let dev: RunningCommand;
  let url: string;
  let client: Client;
  before(async () => {
    project = await copyProject();
    dev = startCommand("local/cli/dev.ts", freePorts, project.folder);
    url = (await dev.line(/^websocket/)).split(/\s+/)[1] ?? "";
    await dev.line(/curl/);
    client = await Client.connect(url, ["channels.v1"]);
  });
  after(async () => {
    client.cut();
    assert.equal(await dev.interrupt(), 0);
    await project.remove();
  });

  /** Saves a file with a part of it replaced. */
  async function save(file: string, from: string, to: string): Promise<void> {
    const path = join(project.folder, file);
    const text = await readFile(path, "utf8");
    assert.ok(text.includes(from), `${file} has no ${from}`);
    await writeFile(path, text.replace(from, to));
  }

  it("answers by new code on the same socket, with the rows that were there", async () => {
    await client.ask({ action: "subscribe", channel: "news" });
    assert.equal(await client.ask({ action: "ping" }), '{"type":"pong"}');
    await save("handlers/actions/actions.ts", '{ type: "pong" }', '{ type: "pong", answer: 2 }');
    assert.match(
      await dev.line(/./),
      /^handlers\/actions\/actions\.ts: new code in websocket, \d+ ms$/,
    );
    assert.equal(await client.ask({ action: "ping" }), '{"type":"pong","answer":2}');
    client.send({ action: "publish", channel: "news", data: 1 });
    const frames = (await client.take(2)).map(
      (frame) => (JSON.parse(frame) as { type: string }).type,
    );
    assert.deepEqual(frames.sort(), ["message", "published"]);
  });

  it("says where a file does not build, and goes on with what it had", async () => {
    await save("handlers/actions/actions.ts", "answer: 2", "answer: ;");
    assert.match(await dev.line(/./), /^handlers\/actions\/actions\.ts:\d+:\d+: Unexpected ";"$/);
    assert.equal(await client.ask({ action: "ping" }), '{"type":"pong","answer":2}');
    await save("handlers/actions/actions.ts", "answer: ;", "answer: 3");
    await dev.line(/new code in websocket/);
    assert.equal(await client.ask({ action: "ping" }), '{"type":"pong","answer":3}');
  });

  it("applies in place what a running function can take", async () => {
    await save(
      "Pulumi.staging.yaml",
      "auth: none",
      "auth: none\n  websocket-channels:maxMessageBytes: 90",
    );
    assert.match(await dev.line(/./), /^Pulumi\.staging\.yaml: applied to \w+, \w+, \w+$/);
    const answer = await client.ask({ action: "publish", channel: "news", data: "x".repeat(90) });
    assert.match(answer, /"code":"too-large"/);
  });

  it("says what is wrong with the program or its config, and goes on with what it had", async () => {
    await save("Pulumi.staging.yaml", "maxMessageBytes: 90", "maxMessageBytes: none");
    assert.match(
      await dev.line(/./),
      /^Stack config websocket-channels:maxMessageBytes is "none": /,
    );
    await save("Pulumi.staging.yaml", "maxMessageBytes: none", "maxMessageBytes: 90");
    assert.equal(await dev.line(/./), "Pulumi.staging.yaml: nothing to apply");
    await save("infra/environment.ts", "TABLE_NAME: table.name", "TABLE_NAME: nothing.name");
    await dev.line(/^ReferenceError: nothing is not defined$/);
    await save("infra/environment.ts", "TABLE_NAME: nothing.name", "TABLE_NAME: table.name");
    await dev.line(/^infra\/environment\.ts: nothing to apply$/);
    assert.equal(await client.ask({ action: "ping" }), '{"type":"pong","answer":3}');
  });

  it("restarts the stack for anything else, on the same ports", async () => {
    await save("index.ts", '  "ping",\n', "");
    await dev.line(/^index\.ts: the stack restarts, empty, and its clients have to connect again$/);
    assert.deepEqual(await client.closed, [1001, "Going away"]);
    await dev.line(/^ready$/);
    client = await Client.connect(url, ["channels.v1"]);
    assert.match(await client.ask({ action: "ping" }), /"code":"unknown-action"/);
  });
});

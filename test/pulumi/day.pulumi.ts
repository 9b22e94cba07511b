import assert from "node:assert/strict";
import { appendFile, copyFile } from "node:fs/promises";
import { join } from "node:path";
import { shown } from "./operations.ts";
import { pulumiDay, secrets, type PulumiDay } from "./pulumi-day.ts";

// One user's day, from the first command to the last: each part begins where the one before has ended.
describe("the Pulumi CLI and its engine", () => {
  let day: PulumiDay;
  before(async () => {
    day = await pulumiDay();
  });
  after(() => day.end());

  it("preview a new stack, and make nothing", async () => {
    await day.succeed("stack", "init", "staging");
    const preview = await day.succeed("preview");
    assert.match(preview, /\+ 102 to create/);
    assert.deepEqual(day.operations(), []);
  });

  it("create it, each stage after all that its API serves", async () => {
    const up = await day.succeed("up", "--skip-preview");
    assert.match(up, /\+ 102 created/);
    const made = day.operations();
    assert.ok(made.every(({ operation }) => operation === "create"));
    const position = (type: string, name: string) =>
      made.findIndex((one) => one.type.endsWith(`:${type}`) && one.name === name);
    for (const api of ["websocket", "http"]) {
      const stage = position("Stage", api);
      const served = made.flatMap(({ type, name }, index) =>
        /:(Route|RouteResponse|Integration|Permission)$/.test(type) &&
        (name === api || name.startsWith(`${api}-`))
          ? [index]
          : [],
      );
      assert.ok(served.length > 19 && stage > Math.max(...served), api);
    }
  });

  it("show every output", async () => {
    const outputs = JSON.parse(await day.succeed("stack", "output", "--json")) as Outputs;
    const suffix = "[0-9a-f]{7}";
    const prefix = "websocket-channels-staging-";
    const patterns: Record<string, string> = {
      websocketUrl: "wss://sockets\\.example/staging",
      httpUrl: "https://http\\.example/staging/",
      wscat: "npx wscat --connect wss://sockets\\.example/staging",
      curl: "curl https://http\\.example/staging/ -d message",
      connectionsEndpoint: "https://sockets\\.example/staging",
      websocketApiId: `${prefix}websocket`,
      httpApiId: `${prefix}http`,
      tableName: `${prefix}channels-${suffix}`,
      tableArn: `arn:aws:dynamodb:us-east-1:0{12}:table/${prefix}channels-${suffix}`,
      deliveryQueueArn: `arn:aws:sqs:us-east-1:0{12}:${prefix}deliveries-${suffix}`,
      deadLetterQueueArn: `arn:aws:sqs:us-east-1:0{12}:${prefix}deliveries-dead-letters-${suffix}`,
      dashboardUrl: `https://us-east-1\\.console\\.aws\\.amazon\\.com/.*#dashboards:name=${prefix}channels-${suffix}`,
      readme: "# websocket-channels, staging\\n[^]*",
    };
    const { functionNames, logGroupNames, ...texts } = outputs;
    assert.deepEqual(Object.keys(texts).sort(), Object.keys(patterns).sort());
    for (const [name, pattern] of Object.entries(patterns)) {
      assert.match(String(outputs[name]), new RegExp(`^${pattern}$`), name);
      assert.equal(await day.succeed("stack", "output", name), `${String(outputs[name])}\n`);
    }
    for (const names of [functionNames, logGroupNames] as Record<string, string>[]) {
      assert.deepEqual(Object.keys(names), ["fanout", "http", "websocket"]);
      for (const [fn, name] of Object.entries(names)) {
        assert.match(name, new RegExp(`^websocket-channels-staging-${fn}-${suffix}$`));
      }
    }
  });

  it("find nothing to change after it, in a preview and in a refresh", async () => {
    const preview = await day.succeed("preview", "--expect-no-changes");
    assert.match(preview, /102 unchanged/);
    await day.succeed("refresh", "--expect-no-changes");
    assert.deepEqual(day.operations(), []);
  });

  it("keep a state that is small and has no text of a message or of a bundle", async () => {
    const state = await day.succeed("stack", "export");
    assert.ok(Buffer.byteLength(state) < 1024 * 1024, `${Buffer.byteLength(state)} bytes`);
    for (const text of [...secrets, "sourceMappingURL"]) assert.ok(!state.includes(text), text);
  });

  it("update one function alone where its handler has changed", async () => {
    await appendFile(join(day.folder, "handlers/fanout.ts"), 'console.debug("changed");\n');
    await day.succeed("up", "--skip-preview");
    assert.deepEqual(day.operations().map(shown), [
      "update Function websocket-channels-staging-fanout",
    ]);
  });

  it("stand side by side with a second stack", async () => {
    const config = join(day.folder, "Pulumi.staging.yaml");
    await copyFile(config, join(day.folder, "Pulumi.second.yaml"));
    await day.succeed("stack", "init", "second");
    await day.succeed("up", "--skip-preview");
    assert.deepEqual(new Set(day.operations().map(({ stack }) => stack)), new Set(["second"]));
    assert.match(await day.succeed("stack", "output", "httpUrl"), /\/second\/\n$/);
    await day.succeed("preview", "--expect-no-changes", "--stack", "staging");
    await day.succeed("destroy", "--stack", "second");
    await day.succeed("stack", "rm", "second", "--yes");
    assert.deepEqual(new Set(day.operations().map(({ stack }) => stack)), new Set(["second"]));
    await day.succeed("stack", "select", "staging");
  });

  it("destroy all of it", async () => {
    const destroyed = await day.succeed("destroy");
    assert.match(destroyed, /- 102 deleted/);
    await day.succeed("stack", "rm", "--yes");
    assert.doesNotMatch(await day.succeed("stack", "ls"), /staging/);
  });
});

type Outputs = Record<string, unknown>;

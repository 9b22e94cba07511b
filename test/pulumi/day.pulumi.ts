import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import type { Operation } from "./provider/aws-provider.ts";
import { pulumiDay, secrets, type PulumiDay } from "./pulumi-day.ts";

/** The keys that change the mode of `auth` from none. */
const modes = {
  iam: { auth: "iam" },
  jwt: { auth: "jwt", jwtIssuer: "https://issuer.example", jwtAudience: "channels" },
};

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
    assert.match(preview, /\+ 77 to create/);
    assert.deepEqual(day.operations(), []);
  });

  it("create it, each stage after all that its API serves", async () => {
    const up = await day.succeed("up", "--skip-preview");
    assert.match(up, /\+ 77 created/);
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
    const patterns: Record<string, string> = {
      websocketUrl: "wss://sockets\\.example/staging",
      httpUrl: "https://http\\.example/staging/",
      wscat: "npx wscat --connect wss://sockets\\.example/staging",
      curl: "curl https://http\\.example/staging/ -d message",
      connectionsEndpoint: "https://sockets\\.example/staging",
      websocketApiId: `websocket-${suffix}`,
      httpApiId: `http-${suffix}`,
      tableName: `channels-${suffix}`,
      tableArn: `arn:aws:dynamodb:us-east-1:0{12}:table/channels-${suffix}`,
      deliveryQueueArn: `arn:aws:sqs:us-east-1:0{12}:deliveries-${suffix}`,
      deadLetterQueueArn: `arn:aws:sqs:us-east-1:0{12}:deliveries-dead-letters-${suffix}`,
      dashboardUrl: `https://us-east-1\\.console\\.aws\\.amazon\\.com/.*#dashboards:name=channels-${suffix}`,
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
    assert.match(preview, /77 unchanged/);
    await day.succeed("refresh", "--expect-no-changes");
    assert.deepEqual(day.operations(), []);
  });

  it("keep a state that is small and has no text of a message or of a bundle", async () => {
    const state = await day.succeed("stack", "export");
    assert.ok(Buffer.byteLength(state) < 1024 * 1024, `${Buffer.byteLength(state)} bytes`);
    for (const text of [...secrets, "sourceMappingURL"]) assert.ok(!state.includes(text), text);
  });

  it("update one function alone where its handler has changed", async () => {
    await change(day, "handlers/fanout.ts", (text) => `${text}console.debug("changed");\n`);
    await day.succeed("up", "--skip-preview");
    assert.deepEqual(day.operations().map(shown), [
      "update Function websocket-channels-staging-fanout",
    ]);
  });

  it("stand side by side with a second stack", async () => {
    const config = await readFile(join(day.folder, "Pulumi.staging.yaml"), "utf8");
    await writeFile(join(day.folder, "Pulumi.second.yaml"), config);
    await day.succeed("stack", "init", "second");
    await day.succeed("up", "--skip-preview");
    assert.deepEqual(new Set(day.operations().map(({ stack }) => stack)), new Set(["second"]));
    assert.match(await day.succeed("stack", "output", "httpUrl"), /\/second\/\n$/);
    await day.succeed("stack", "select", "staging");
    await day.succeed("preview", "--expect-no-changes");
    await day.succeed("destroy", "--stack", "second");
    await day.succeed("stack", "rm", "second", "--yes");
    const [after] = new Set(day.operations().map(({ stack }) => stack));
    assert.equal(after, "second");
  });

  for (const [mode, keys] of Object.entries(modes)) {
    it(`change to auth ${mode} and back, and delete nothing before what takes its place`, async () => {
      for (const [key, value] of Object.entries(keys)) {
        await day.succeed("config", "set", key, value);
      }
      await day.succeed("up", "--skip-preview");
      const there = day.operations();
      assert.ok(
        there.some(({ type, operation }) => type.endsWith(":Route") && operation === "update"),
      );
      assertKept(there);
      for (const key of Object.keys(keys)) await day.succeed("config", "rm", key);
      await day.succeed("config", "set", "auth", "none");
      await day.succeed("up", "--skip-preview");
      assertKept(day.operations());
      await day.succeed("preview", "--expect-no-changes");
    });
  }

  it("take every key of Pulumi.yaml, as the README sets them", async () => {
    const values: Record<string, string> = {
      ...modes.jwt,
      defaultChannel: "news",
      historySeconds: "60",
      maxMessageBytes: "32768",
      deliveryConcurrency: "64",
      inlineRecipients: "100",
      fanoutConcurrency: "4",
      reservedConcurrency: "10",
      throttlingRateLimit: "500",
      throttlingBurstLimit: "250",
      logRetentionDays: "30",
      pointInTimeRecovery: "true",
      deletionProtection: "true",
      kmsKeyArn: "arn:aws:kms:us-east-1:000000000000:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    };
    const lists = { corsOrigins: "https://example.com" };
    const project = parse(await readFile(join(day.folder, "Pulumi.yaml"), "utf8")) as Project;
    const all = [...Object.keys(values), ...Object.keys(lists)].sort();
    assert.deepEqual(Object.keys(project.config).sort(), all);
    const before = await readFile(join(day.folder, "Pulumi.staging.yaml"), "utf8");
    for (const [key, value] of Object.entries(values)) {
      await day.succeed("config", "set", key, value);
    }
    for (const [key, value] of Object.entries(lists)) {
      await day.succeed("config", "set", "--path", `${key}[0]`, value);
    }
    await day.succeed("up", "--skip-preview");
    const changed = new Set(day.operations().map(({ type }) => type.replace(/^.*:/, "")));
    for (const type of ["Api", "Stage", "Table", "Queue", "Function", "LogGroup", "RolePolicy"]) {
      assert.ok(changed.has(type), type);
    }
    await day.succeed("preview", "--expect-no-changes");
    await writeFile(join(day.folder, "Pulumi.staging.yaml"), before);
    await day.succeed("up", "--skip-preview");
    assertKept(day.operations());
  });

  it("refuse to destroy a protected stack before anything of it is gone", async () => {
    await day.succeed("config", "set", "deletionProtection", "true");
    await day.succeed("up", "--skip-preview");
    day.operations();
    const { code, output } = await day.pulumi("destroy");
    assert.notEqual(code, 0);
    assert.match(output, /channels.* is protected|protected resource/);
    assert.deepEqual(day.operations(), []);
    await day.succeed("config", "set", "deletionProtection", "false");
    await day.succeed("up", "--skip-preview");
    day.operations();
  });

  it("destroy all of it", async () => {
    const destroyed = await day.succeed("destroy");
    assert.match(destroyed, /- 77 deleted/);
    await day.succeed("stack", "rm", "--yes");
    assert.doesNotMatch(await day.succeed("stack", "ls"), /staging/);
  });
});

type Outputs = Record<string, unknown>;
type Project = { config: Record<string, unknown> };

async function change(day: PulumiDay, file: string, edit: (text: string) => string): Promise<void> {
  const path = join(day.folder, file);
  await writeFile(path, edit(await readFile(path, "utf8")));
}

function shown({ operation, type, name }: Operation): string {
  return `${operation} ${type.replace(/^.*:/, "")} ${name}`;
}

/** What a change leaves behind goes when all else has been done. */
function assertKept(operations: Operation[]): void {
  const first = operations.findIndex(({ operation }) => operation === "delete");
  if (first === -1) return;
  const rest = operations.slice(first).filter(({ operation }) => operation !== "delete");
  assert.deepEqual(rest.map(shown), []);
}

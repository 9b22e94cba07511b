import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { assertKept } from "./operations.ts";
import { pulumiDay, type PulumiDay } from "./pulumi-day.ts";

/** The keys that change the mode of `auth` from none. */
const modes = {
  iam: { auth: "iam" },
  jwt: { auth: "jwt", jwtIssuer: "https://issuer.example", jwtAudience: "channels" },
};

// Each part begins with the stack as it was first made.
describe("pulumi config set, on a stack that is up,", () => {
  let day: PulumiDay;
  before(async () => {
    day = await pulumiDay();
    await day.succeed("stack", "init", "staging");
    await day.succeed("up", "--skip-preview");
    day.operations();
  });
  after(() => day.end());

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
      domain: "example.com",
      hostedZone: "example.com",
      certificateArn: "arn:aws:acm:us-east-1:000000000000:certificate/1234abcd",
      websocketSubdomain: "sockets",
      httpSubdomain: "publish",
      executeApiEndpoint: "false",
      kmsKeyArn: "arn:aws:kms:us-east-1:000000000000:key/1234abcd-12ab-34cd-56ef-1234567890ab",
      httpAccessLogs: "true",
      apiGatewayLogs: "create",
      alarmEmail: "ops@example.com",
      alarmTopicArn: "arn:aws:sns:us-east-1:000000000000:on-call",
      alarmErrors: "10",
      alarmDeliverySeconds: "600",
      tracing: "true",
      presenceLimit: "100",
      presenceGraceSeconds: "5",
      prefixSubscriptions: "true",
    };
    const paths = {
      "corsOrigins[0]": "https://example.com",
      "memorySize.http": "1024",
      "tags.team": "messaging",
    };
    const project = parse(await readFile(join(day.folder, "Pulumi.yaml"), "utf8")) as Project;
    const roots = Object.keys(paths).map((path) => path.replace(/\W.*/, ""));
    const all = [...Object.keys(values), ...roots].sort();
    assert.deepEqual(Object.keys(project.config).sort(), all);
    const before = await readFile(join(day.folder, "Pulumi.staging.yaml"), "utf8");
    for (const [key, value] of Object.entries(values)) {
      await day.succeed("config", "set", key, value);
    }
    for (const [path, value] of Object.entries(paths)) {
      await day.succeed("config", "set", "--path", path, value);
    }
    await day.succeed("up", "--skip-preview");
    const changed = new Set(day.operations().map(({ type }) => type.replace(/^.*:/, "")));
    const types = ["Api", "Stage", "Table", "Queue", "Function", "LogGroup", "RolePolicy"];
    for (const type of [...types, "Account", "MetricAlarm", "Topic", "TopicSubscription"]) {
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
    assert.match(
      output,
      /Table::websocket-channels-staging-channels" cannot be deleted\s+because it is protected/,
    );
    assert.deepEqual(day.operations(), []);
    await day.succeed("config", "set", "deletionProtection", "false");
    await day.succeed("up", "--skip-preview");
    day.operations();
  });
});

type Project = { config: Record<string, unknown> };

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { StartError } from "../../../../local/shared/start-error.ts";
import { runProgram } from "../../../../local/graph/program.ts";
import { readStackConfig } from "../../../../local/graph/stack-config.ts";
import { declared, nameOf } from "../../../support/declared.ts";
import { cloud, run } from "../../../support/program.ts";
import { refused } from "../../../support/refused-config.ts";
import { projectFolder } from "../../../support/project-copy.ts";

const key = (name: string) => `websocket-channels:${name}`;

describe("stack config", () => {
  for (const [changes, message] of refused) {
    const values = Object.entries(changes).map(([name, value = "unset"]) => `${name} ${value}`);
    it(`refuses ${values.join(", ")} in one line, before any resource`, async () => {
      await assert.rejects(run(changes), new StartError(message));
    });
  }

  for (const [stack, message] of [
    [
      "eu.production",
      'Stack name "eu.production" cannot name an API Gateway stage: use letters, digits, - and _.',
    ],
    [
      "production-of-the-messages",
      `Stack name "production-of-the-messages" is too long: beside the project's name a role has room for 25 characters.`,
    ],
  ] as const) {
    it(`refuses the stack name ${stack} in one line, before any resource`, async () => {
      const config = await readStackConfig(projectFolder, "staging");
      await assert.rejects(runProgram({ ...config, stack }, cloud), new StartError(message));
    });
  }

  it("takes a stack name as long as there is room", async () => {
    const config = await readStackConfig(projectFolder, "staging");
    await runProgram({ ...config, stack: "production-of-the-message" }, cloud);
  });

  it("has a default for every key in Pulumi.yaml, as its CLI insists on a value otherwise", async () => {
    const text = await readFile(join(projectFolder, "Pulumi.yaml"), "utf8");
    const { config } = parse(text) as { config: Record<string, { default?: unknown }> };
    for (const [name, declared] of Object.entries(config)) assert.ok("default" in declared, name);
    const error: unknown = await run({ [key("unknown")]: "" }).catch((thrown: unknown) => thrown);
    assert.ok(error instanceof StartError);
    const [, names] = /the keys are (.*)\.$/.exec(error.message) ?? [];
    assert.equal(Object.keys(config).sort().join(", "), names);
  });

  it("warns where everyone is let in, and only there", async () => {
    const { warnings } = await run();
    assert.deepEqual(warnings, [
      "auth is none: everyone with the URLs may connect, subscribe, publish and close connections.",
    ]);
    assert.deepEqual((await run({ [key("auth")]: undefined })).warnings, []);
  });

  it("opens the HTTP API to the browsers of the origins that it names, which may sign with iam", async () => {
    const signature = ["x-amz-content-sha256", "x-amz-date", "x-amz-security-token"];
    for (const [auth, allowed] of [
      ["none", []],
      ["iam", signature],
    ] as const) {
      const origins = { [key("corsOrigins")]: '["https://example.com"]' };
      const { inputsOf } = await declared({ ...origins, [key("auth")]: auth });
      assert.deepEqual(inputsOf("aws:apigatewayv2/api:Api").http, {
        name: nameOf("http"),
        protocolType: "HTTP",
        corsConfiguration: {
          allowOrigins: ["https://example.com"],
          allowMethods: ["GET", "POST", "DELETE"],
          allowHeaders: ["authorization", "content-type", "idempotency-key", ...allowed],
          maxAge: 3600,
        },
      });
    }
  });
});

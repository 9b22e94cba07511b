import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { refused, type Refused } from "../support/refused-config.ts";
import { pulumiDay, type PulumiDay } from "./pulumi-day.ts";

describe("pulumi up refuses before it makes anything", () => {
  let day: PulumiDay;
  let staging: { config: Record<string, unknown> };
  before(async () => {
    day = await pulumiDay();
    await day.succeed("stack", "init", "staging");
    staging = parse(
      await readFile(join(day.folder, "Pulumi.staging.yaml"), "utf8"),
    ) as typeof staging;
  });
  after(() => day.end());

  // The local stack takes its own issuer, which has no TLS.
  const key = "websocket-channels:";
  const localIssuer: Refused = [
    {
      [`${key}auth`]: "jwt",
      [`${key}jwtIssuer`]: "http://127.0.0.1:3003",
      [`${key}jwtAudience`]: "channels",
    },
    `Stack config ${key}jwtIssuer is "http://127.0.0.1:3003": it takes the https URL of an OpenID Connect issuer: "pulumi config set jwtIssuer https://issuer.example".`,
  ];

  for (const [changes, message] of [...refused, localIssuer]) {
    const values = Object.entries(changes).map(([name, value = "unset"]) => `${name} ${value}`);
    it(values.join(", "), async () => {
      const config: Record<string, unknown> = { ...staging.config, ...changes };
      await writeFile(join(day.folder, "Pulumi.staging.yaml"), stringify({ ...staging, config }));
      const { code, output } = await day.pulumi("up");
      assert.notEqual(code, 0);
      // The CLI itself checks the types of Pulumi.yaml, in its own words.
      const first = Object.keys(changes)[0]?.replace(/^.*:/, "") ?? "";
      const lines = output.split("\n").map((line) => line.trim());
      const typed = `error: validating stack config: Stack 'staging' with configuration key '${first}' must be of type `;
      assert.ok(
        lines.some((line) => line === `error: ${message}` || line.startsWith(typed)),
        output,
      );
      assert.deepEqual(day.operations(), []);
    });
  }
});

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { identities } from "../../../local/iam/identities.ts";
import { systemClock } from "../../../local/shared/clock.ts";
import { projectFolder } from "../../support/project-copy.ts";

const connect = {
  service: "execute-api",
  action: "execute-api:Invoke",
  resource: "arn:aws:execute-api:eu-west-1:000000000000:api1/staging/$connect",
};

describe("npm run url", () => {
  const iam = identities({ accountId: "000000000000", clock: systemClock });
  const user = iam.createUser("alice", [
    { effect: "Allow", actions: [connect.action], resources: [connect.resource] },
  ]);

  const run = (args: string[]) =>
    promisify(execFile)(process.execPath, ["--import", "tsx", "tools/url.ts", ...args], {
      cwd: projectFolder,
      env: {
        PATH: process.env.PATH,
        AWS_ACCESS_KEY_ID: user.accessKeyId,
        AWS_SECRET_ACCESS_KEY: user.secretAccessKey,
      },
    });

  it("signs for a host of one's own, which has no stage in its path and no region in its name", async () => {
    const args = ["--url", "wss://ws.example.com", "--channel", "news"];
    const { stdout } = await run(["--region", "eu-west-1", ...args]);
    const { origin, host, pathname, search, searchParams } = new URL(stdout.trim());
    assert.equal(origin, "wss://ws.example.com");
    assert.equal(searchParams.get("channel"), "news");
    const request = { method: "GET", url: pathname + search, headers: { host }, body: Buffer.of() };
    const decision = iam.authorize(request, connect);
    assert.ok(decision.allowed, JSON.stringify(decision));
  });

  it("asks for the region of such a host where nobody names it", async () => {
    await assert.rejects(run(["--url", "wss://ws.example.com"]), {
      stderr: "ws.example.com names no AWS region: give one by --region, or in AWS_REGION.\n",
    });
  });
});

import assert from "node:assert/strict";
import { heldRequests } from "./held-requests.ts";
import { lambdaFixture } from "./lambda-fixture.ts";

describe("closing the Lambda service", () => {
  const start = lambdaFixture();
  const held = heldRequests();
  const code = `export const handler = async ({ url }) => {
    if (url !== undefined) await fetch(url);
  };`;

  it("fails what is under way, what waits, and what comes after", async () => {
    const { invoke, close } = await start({ code });
    const results = Array.from({ length: 11 }, () => invoke({ url: held.url() }));
    await held.arrived(10);
    await close();
    for (const result of [...(await Promise.all(results)), await invoke()]) {
      assert.ok(result.outcome === "failed");
      assert.equal(result.errorType, "Sandbox.Failure");
      assert.match(result.errorMessage, /The local Lambda service is closed$/);
    }
  });
});

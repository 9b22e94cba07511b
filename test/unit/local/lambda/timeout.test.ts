import assert from "node:assert/strict";
import { heldRequests } from "./held-requests.ts";
import { lambdaFixture } from "./lambda-fixture.ts";

describe("timeout of a Lambda function", () => {
  const start = lambdaFixture();
  const held = heldRequests();
  const code = `let events = 0;
    export const handler = async ({ hang }) => {
      events++;
      if (hang === "busy") { console.log("begun"); await new Promise(setImmediate); for (;;); }
      if (hang) { console.log("begun"); return new Promise((end) => setTimeout(end, 1e9)); }
      return events;
    };`;

  const loading = () => ({
    code: "await fetch(process.env.URL); export const handler = async () => {};",
    fn: { environment: { URL: held.url() } },
  });

  for (const hang of ["waiting", "busy"]) {
    it(`ends an instance that is still ${hang}`, async () => {
      const { invoke, clock, written, lines } = await start({ code });
      // Its log and its report that it has loaded take two ports, and may cross.
      await invoke({});
      const result = invoke({ hang });
      await written("begun");
      clock.advance(3000);
      const { errorMessage, ...rest } = { errorMessage: "", ...(await result) };
      assert.deepEqual(rest, { outcome: "failed", errorType: "Sandbox.Timedout" });
      assert.match(
        errorMessage,
        /^RequestId: [0-9a-f-]{36} Error: Task timed out after 3\.00 seconds$/,
      );
      assert.equal(lines.at(-1), errorMessage);
      assert.deepEqual(await invoke({}), { outcome: "returned", value: 1 });
    });
  }

  it("begins anew with each event", async () => {
    const { invoke, clock } = await start({ code });
    for (const value of [1, 2, 3]) {
      assert.deepEqual(await invoke({}), { outcome: "returned", value });
      clock.advance(2999);
    }
  });

  it("does not run while the module loads, for which there are 10 seconds", async () => {
    const { invoke, clock } = await start(loading());
    const result = invoke();
    await held.arrived(1);
    clock.advance(9999);
    held.release();
    assert.deepEqual(await result, { outcome: "returned", value: null });
  });

  it("ends an instance that has been loading for 10 seconds", async () => {
    const { invoke, clock } = await start(loading());
    const result = invoke();
    await held.arrived(1);
    clock.advance(10_000);
    const { outcome } = await result;
    assert.equal(outcome, "failed");
  });
});

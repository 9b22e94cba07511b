import assert from "node:assert/strict";
import { heldRequests } from "./held-requests.ts";
import type { InvokeResult } from "../../../../local/shared/invoke.ts";
import { lambdaFixture, returned } from "./lambda-fixture.ts";

describe("instances of a Lambda function", () => {
  const start = lambdaFixture();
  const held = heldRequests();
  const code = `const instance = Math.random();
    let events = 0;
    export const handler = async ({ url }) => {
      const event = ++events;
      if (url !== undefined) await fetch(url);
      return { instance, event };
    };`;

  it("keep their globals from one event to the next", async () => {
    const { invoke } = await start({ code });
    const results = [await invoke(), await invoke(), await invoke()];
    assert.equal(distinct(results, "instance"), 1);
    assert.equal(distinct(results, "event"), 3);
  });

  it("handle one event at a time, and two events at once take two of them", async () => {
    const { invoke } = await start({ code });
    const results = [invoke({ url: held.url() }), invoke({ url: held.url() })];
    await held.arrived(2);
    held.release();
    held.release();
    assert.equal(distinct(await Promise.all(results), "instance"), 2);
  });

  it("are at most 10, and further events wait for their turn", async () => {
    const { invoke } = await start({ code });
    const results = Array.from({ length: 12 }, () => invoke({ url: held.url() }));
    await held.arrived(10);
    for (let event = 0; event < 12; event++) {
      await held.arrived(Math.min(10, 12 - event));
      assert.ok(held.count() <= 10);
      held.release();
    }
    const settled = await Promise.all(results);
    assert.equal(distinct(settled, "instance"), 10);
  });

  it("are at most as many as are reserved for the function", async () => {
    const { invoke } = await start({ code, fn: { maxInstances: 2 } });
    const results = Array.from({ length: 5 }, () => invoke({ url: held.url() }));
    for (const left of [5, 4, 3, 2, 1]) {
      await held.arrived(Math.min(2, left));
      assert.ok(held.count() <= 2);
      held.release();
    }
    assert.equal(distinct(await Promise.all(results), "instance"), 2);
  });

  it("make room for the next where one of 10 ends", async () => {
    const { invoke } = await start({
      code: `export const handler = async ({ url }) => {
        if (url === undefined) return "well";
        await fetch(url);
        process.exit(1);
      };`,
    });
    const ending = Array.from({ length: 10 }, () => invoke({ url: held.url() }));
    await held.arrived(10);
    const next = invoke();
    held.release();
    assert.deepEqual(await next, { outcome: "returned", value: "well" });
    while (held.count() > 0) held.release();
    await Promise.all(ending);
  });

  it("stand still between two events, with all that a handler left unawaited", async () => {
    const { invoke } = await start({
      code: `let strayed = false;
        export const handler = async ({ unawaited, awaited }) => {
          if (unawaited) fetch(unawaited).then(() => { strayed = true; });
          if (awaited) await fetch(awaited);
          return strayed;
        };`,
    });
    const first = invoke({ unawaited: held.url("/unawaited"), awaited: held.url("/awaited") });
    await held.arrived(2);
    held.release("/awaited");
    assert.deepEqual(await first, { outcome: "returned", value: false });

    held.release("/unawaited");
    // Enough time for an instance that is not frozen: another one starts meanwhile.
    await (await start({ code })).invoke();
    assert.deepEqual(await invoke({}), { outcome: "returned", value: false });

    const thawed = invoke({ awaited: held.url("/awaited") });
    await held.arrived(1);
    held.release("/awaited");
    assert.deepEqual(await thawed, { outcome: "returned", value: true });
  });
});

function distinct(results: InvokeResult[], property: string): number {
  return new Set(results.map((result) => returned(result)[property])).size;
}

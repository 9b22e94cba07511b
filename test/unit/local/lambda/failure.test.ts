import assert from "node:assert/strict";
import { lambdaFixture } from "./lambda-fixture.ts";

describe("failure of a Lambda function", () => {
  const start = lambdaFixture();

  it("carries the name and message of what the handler threw, and is logged", async () => {
    const { invoke, lines } = await start({
      code: "export const handler = async () => { throw new RangeError('too far'); };",
    });
    assert.deepEqual(await invoke(), {
      outcome: "failed",
      errorType: "RangeError",
      errorMessage: "too far",
    });
    assert.equal(lines[0], "RangeError: too far");
  });

  it("says the type of a thrown value that is no error", async () => {
    const { invoke } = await start({
      code: "export const handler = async () => { throw 'a fit'; };",
    });
    assert.deepEqual(await invoke(), {
      outcome: "failed",
      errorType: "string",
      errorMessage: "a fit",
    });
  });

  it("leaves the instance running where the handler threw", async () => {
    const { invoke } = await start({
      code: `let events = 0;
        export const handler = async () => { if (++events === 1) throw new Error(); return events; };`,
    });
    await invoke();
    assert.deepEqual(await invoke(), { outcome: "returned", value: 2 });
  });

  const ends = {
    "an uncaught error": ["setImmediate(() => { throw new RangeError('late'); })", "RangeError"],
    "an unhandled rejection": ["Promise.reject(new RangeError('late'))", "RangeError"],
    "process.exit(0)": ["process.exit(0)", "Runtime.ExitError"],
    "process.exit(3)": ["process.exit(3)", "Runtime.ExitError"],
    "nothing left to wait for": ["undefined", "Runtime.ExitError"],
  } as const;
  for (const [end, [statement, errorType]] of Object.entries(ends)) {
    it(`ends only the instance, by ${end}`, async () => {
      const { invoke } = await start({
        code: `let events = 0;
          export const handler = async ({ well }) => {
            events++;
            if (well) return events;
            ${statement};
            return new Promise(() => {});
          };`,
      });
      await invoke({ well: true });
      const result = await invoke({ well: false });
      assert.equal(result.outcome === "failed" && result.errorType, errorType);
      assert.deepEqual(await invoke({ well: true }), { outcome: "returned", value: 1 });
    });
  }

  it("names the request and the exit status where the process ended", async () => {
    const { invoke } = await start({ code: "export const handler = () => process.exit(3);" });
    const result = await invoke();
    assert.match(
      result.outcome === "failed" ? result.errorMessage : "",
      /^RequestId: [0-9a-f-]{36} Error: Runtime exited with error: exit status 3$/,
    );
  });

  it("ends an instance that takes more memory than the function has", async () => {
    const { invoke } = await start({
      code: `export const handler = async () => {
        const hoard = [];
        for (;;) hoard.push(new Array(100_000).fill({}));
      };`,
      fn: { memoryMegabytes: 16 },
    });
    assert.equal((await invoke()).outcome, "failed");
  });

  const unloadable = {
    "has no such module": [{ "other.mjs": "" }, "Runtime.ImportModuleError", /'index'/],
    "imports what is not there": ["import 'absent';", "Runtime.ImportModuleError", /absent/],
    "is not JavaScript": ["export const = 1;", "Runtime.UserCodeSyntaxError", /^SyntaxError: /],
    "throws as it loads": ["throw new RangeError('early');", "RangeError", /^early$/],
    "has no such export": [
      "export const other = 1;",
      "Runtime.HandlerNotFound",
      /^index\.handler is undefined or not exported$/,
    ],
    "exports something else": [
      "export const handler = 'text';",
      "Runtime.HandlerNotFound",
      /^index\.handler is not a function$/,
    ],
  } as const;
  for (const [what, [code, errorType, message]] of Object.entries(unloadable)) {
    it(`is that of its archive, which ${what}`, async () => {
      const { invoke, lines } = await start({ code });
      const result = await invoke();
      assert.ok(result.outcome === "failed");
      assert.equal(result.errorType, errorType);
      assert.match(result.errorMessage, message);
      assert.notEqual(lines.length, 0);
    });
  }
});

import assert from "node:assert/strict";
import { lambdaFixture, returned } from "./lambda-fixture.ts";

describe("Lambda service", () => {
  const start = lambdaFixture();

  it("hands the event over and gives back what the handler returns", async () => {
    const { invoke } = await start({
      code: "export const handler = async (event) => ({ got: event });",
    });
    assert.deepEqual(await invoke({ list: [1, "two", null] }), {
      outcome: "returned",
      value: { got: { list: [1, "two", null] } },
    });
  });

  it("passes events and results through JSON", async () => {
    const { invoke } = await start({
      code: `export const handler = async (event) => ({
        event, at: new Date(0), gone: undefined, none: NaN,
      });`,
    });
    assert.deepEqual(await invoke({ when: new Date(0), gone: undefined }), {
      outcome: "returned",
      value: {
        event: { when: "1970-01-01T00:00:00.000Z" },
        at: "1970-01-01T00:00:00.000Z",
        none: null,
      },
    });
  });

  it("gives null where the handler returns undefined", async () => {
    const { invoke } = await start({ code: "export const handler = async () => {};" });
    assert.deepEqual(await invoke(), { outcome: "returned", value: null });
  });

  for (const value of ["1n", "() => {}", "Symbol()"]) {
    it(`fails an invocation that returns ${value}, which JSON cannot say`, async () => {
      const { invoke } = await start({ code: `export const handler = async () => ${value};` });
      const result = await invoke();
      assert.equal(result.outcome === "failed" && result.errorType, "TypeError");
    });
  }

  it("gives the handler AWS's context", async () => {
    const { invoke } = await start({
      code: `export const handler = async (event, context) => ({
        ...context, remaining: context.getRemainingTimeInMillis(),
      });`,
    });
    const [first, second] = [await invoke(), await invoke()].map(returned);
    const { awsRequestId, logStreamName, remaining, ...rest } = first ?? {};
    assert.match(String(awsRequestId), /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    assert.notEqual(second?.awsRequestId, awsRequestId);
    assert.match(String(logStreamName), /^2026\/01\/01\/\[\$LATEST\][0-9a-f]{32}$/);
    assert.ok(Number(remaining) > 0 && Number(remaining) <= 3000);
    assert.deepEqual(rest, {
      functionName: "echo-1a2b3c",
      functionVersion: "$LATEST",
      invokedFunctionArn: "arn:aws:lambda:eu-west-1:123456789012:function:echo-1a2b3c",
      memoryLimitInMB: "128",
      logGroupName: "/aws/lambda/echo-1a2b3c",
    });
  });

  it("runs the archive as it is, with every file in its place", async () => {
    const { invoke } = await start({
      code: {
        "src/main.mjs": `import { readFileSync } from "node:fs";
          import { word } from "./words/word.mjs";
          const text = readFileSync(new URL("../data.txt", import.meta.url), "utf8");
          export const serve = async () => word + text;`,
        "src/words/word.mjs": "export const word = 'über';",
        "data.txt": "all",
      },
      fn: { handler: "src/main.serve" },
    });
    assert.deepEqual(await invoke(), { outcome: "returned", value: "überall" });
  });

  for (const [file, code] of Object.entries({
    "index.js": "exports.handler = async () => typeof require;",
    "index.cjs": "module.exports = { handler: async () => typeof require };",
    "index.mjs": "export const handler = async () => typeof require;",
  })) {
    it(`takes ${file} for a module of its own kind`, async () => {
      const { invoke } = await start({ code: { [file]: code } });
      const value = file === "index.mjs" ? "undefined" : "function";
      assert.deepEqual(await invoke(), { outcome: "returned", value });
    });
  }

  it("reports every line before the result of its invocation", async () => {
    const { invoke, lines } = await start({
      code: `export const handler = async () => {
        for (let line = 1; line <= 2000; line++) console.log("line " + line);
        console.error("an error");
      };`,
    });
    await invoke();
    assert.equal(lines.filter((line) => line.startsWith("line ")).length, 2000);
    assert.ok(lines.includes("an error"));
  });

  it("reports what a handler wrote before it ended its process", async () => {
    const { invoke, lines } = await start({
      code: `export const handler = () => { console.log("last words"); process.exit(1); };`,
    });
    await invoke();
    assert.equal(lines[0], "last words");
  });

  it("rejects for a function that there is not", async () => {
    const { invoke } = await start({ code: "" });
    await assert.rejects(invoke({}, { functionArn: "arn:aws:lambda:x:y:function:other" }), {
      message: "No function has the ARN arn:aws:lambda:x:y:function:other.",
    });
  });
});

import assert from "node:assert/strict";
import { transformSync } from "esbuild";
import { lambdaFixture } from "./lambda-fixture.ts";

describe("environment of a Lambda function", () => {
  const start = lambdaFixture();

  it("is Lambda's own variables, the platform's and the function's, and no other", async () => {
    const { invoke } = await start({
      code: `export const handler = async () => {
        const { _X_AMZN_TRACE_ID, AWS_LAMBDA_LOG_STREAM_NAME, LAMBDA_TASK_ROOT, ...rest } = process.env;
        return rest;
      };`,
      fn: { environment: { TABLE_NAME: "channels", NODE_OPTIONS: "--enable-source-maps" } },
      platformEnvironment: { AWS_ACCESS_KEY_ID: "ASIA1", AWS_SECRET_ACCESS_KEY: "secret" },
    });
    assert.deepEqual(await invoke(), {
      outcome: "returned",
      value: {
        _HANDLER: "index.handler",
        AWS_ACCESS_KEY_ID: "ASIA1",
        AWS_DEFAULT_REGION: "eu-west-1",
        AWS_EXECUTION_ENV: `AWS_Lambda_nodejs${process.versions.node.replace(/\..*/, ".x")}`,
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "128",
        AWS_LAMBDA_FUNCTION_NAME: "echo-1a2b3c",
        AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
        AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/echo-1a2b3c",
        AWS_REGION: "eu-west-1",
        AWS_SECRET_ACCESS_KEY: "secret",
        NODE_OPTIONS: "--enable-source-maps",
        TABLE_NAME: "channels",
        TZ: ":UTC",
      },
    });
  });

  it("has the tracing header of each invocation, which says whether it is traced", async () => {
    for (const isTraced of [true, false]) {
      const { invoke } = await start({
        code: "export const handler = async () => process.env._X_AMZN_TRACE_ID;",
        fn: { isTraced },
      });
      const [first, second] = [await invoke(), await invoke()];
      const form = /"Root=1-[0-9a-f]+-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=([01])"/;
      assert.equal(form.exec(JSON.stringify(first))?.[1], isTraced ? "1" : "0");
      assert.notDeepEqual(first, second);
    }
  });

  it("cannot replace what Lambda and the platform set", async () => {
    const { invoke } = await start({
      code: "export const handler = async () => process.env.AWS_REGION + process.env.TOKEN;",
      fn: { environment: { AWS_REGION: "mars-1", TOKEN: "own" } },
      platformEnvironment: { TOKEN: "platform's" },
    });
    assert.deepEqual(await invoke(), { outcome: "returned", value: "eu-west-1platform's" });
  });

  it("names the folder of the archive", async () => {
    const { invoke } = await start({
      code: `import { readdirSync } from "node:fs";
        export const handler = async () => readdirSync(process.env.LAMBDA_TASK_ROOT);`,
    });
    assert.deepEqual(await invoke(), { outcome: "returned", value: ["index.mjs"] });
  });

  it("applies NODE_OPTIONS, so that the stack of an error names its source", async () => {
    const source = "export const handler = async () => {\n  throw new Error('mapped');\n};";
    const { code } = transformSync(source, {
      sourcefile: "thrower.ts",
      sourcemap: "inline",
      minify: true,
    });
    const { invoke, lines } = await start({
      code,
      fn: { environment: { NODE_OPTIONS: "--enable-source-maps" } },
    });
    await invoke();
    assert.match(lines.join("\n"), /Error: mapped\n.*thrower\.ts:2:9/);
  });

  it("has none of the options that this process was started with", async () => {
    assert.notDeepEqual(process.execArgv, []);
    const { invoke } = await start({
      code: "export const handler = async () => process.execArgv;",
    });
    assert.deepEqual(await invoke(), { outcome: "returned", value: [] });
  });
});

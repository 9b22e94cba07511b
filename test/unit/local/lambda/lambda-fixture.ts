import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { FunctionDescription, InvokePermission } from "../../../../local/graph/description.ts";
import type { InvokeResult } from "../../../../local/shared/invoke.ts";
import { lambdaService } from "../../../../local/lambda/service.ts";
import { ManualClock } from "../../../../local/shared/clock.ts";

const functionArn = "arn:aws:lambda:eu-west-1:123456789012:function:echo-1a2b3c";
const sourceArn = "arn:aws:execute-api:eu-west-1:123456789012:abc123/staging/POST/";

export type LambdaFixture = {
  clock: ManualClock;
  invoke: (
    event?: unknown,
    call?: { functionArn?: string; sourceArn?: string },
  ) => Promise<InvokeResult>;
  /** The lines that the function has written so far. */
  lines: string[];
  /** Resolves when the function has written this line. */
  written: (line: string) => Promise<void>;
  close: () => Promise<void>;
};

/** Returns what starts a service with one function, closed after the test. Call it inside `describe`. */
export function lambdaFixture() {
  const services: { close(): Promise<void> }[] = [];
  const folders: string[] = [];
  afterEach(async () => {
    await Promise.all(services.splice(0).map((service) => service.close()));
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
  });

  return async function start(options: {
    /** Text of index.mjs, or the whole archive. */
    code: string | Record<string, string>;
    fn?: Partial<FunctionDescription>;
    permissions?: InvokePermission[];
    platformEnvironment?: Record<string, string>;
  }): Promise<LambdaFixture> {
    const { code, fn, platformEnvironment = {} } = options;
    const clock = new ManualClock();
    const lines: string[] = [];
    const awaited = new Map<string, () => void>();
    const codeFolder = await mkdtemp(join(tmpdir(), "lambda-"));
    folders.push(codeFolder);
    const files = typeof code === "string" ? { "index.mjs": code } : code;
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(codeFolder, path)), { recursive: true });
      await writeFile(join(codeFolder, path), text);
    }
    const service = lambdaService({
      functions: [
        {
          name: "echo-1a2b3c",
          arn: functionArn,
          handler: "index.handler",
          codeFolder,
          environment: {},
          timeoutSeconds: 3,
          memoryMegabytes: 128,
          isTraced: false,
          role: { name: "echo", arn: "arn:aws:iam::123456789012:role/echo", statements: [] },
          ...fn,
        },
      ],
      permissions: options.permissions ?? [
        { functionArn, principal: "apigateway.amazonaws.com", sourceArn },
      ],
      platformEnvironment: () => platformEnvironment,
      region: "eu-west-1",
      clock,
      onLog: (_name, line) => {
        lines.push(line);
        awaited.get(line)?.();
      },
    });
    services.push(service);
    return {
      close: () => service.close(),
      clock,
      lines,
      invoke: (event = {}, call = {}) => service.invoke({ functionArn, sourceArn, event, ...call }),
      written: (line) =>
        new Promise((resolve) => {
          if (lines.includes(line)) resolve();
          else awaited.set(line, resolve);
        }),
    };
  };
}

/** Returns the properties of the object that an invocation returned. */
export function returned(result: InvokeResult): Record<string, unknown> {
  assert.ok(result.outcome === "returned" && typeof result.value === "object");
  return { ...result.value };
}

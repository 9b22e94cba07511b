import { bundleHandlers } from "../../tools/bundle.ts";
import { run } from "./command.ts";
import { startLines } from "./start-lines.ts";

/** `npm start`: runs the stack until Ctrl-C, and says where it is. */
await run(async (options, stopped) => {
  // esbuild works beside this process while it loads Pulumi's packages; the program says what fails.
  bundleHandlers().catch(() => undefined);
  const { localConsole } = await import("./console.ts");
  const page = await localConsole(options, printLog);
  try {
    const { startStack } = await import("./stack.ts");
    const stack = await startStack({ ...options, ...page.looks });
    for (const line of await startLines(
      stack,
      page.serve(() => stack),
    )) {
      console.log(line);
    }
    await stopped;
    await stack.close();
  } finally {
    await page.close();
  }
});

function printLog(functionName: string, line: string): void {
  console.error(`${functionName}  ${line}`);
}

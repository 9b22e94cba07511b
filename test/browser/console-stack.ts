import { localConsole } from "../../local/cli/console.ts";
import { faultSwitch } from "../../local/cli/fault-switch.ts";
import type { StackOptions } from "../../local/cli/stack.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";
import { openConsole, type ConsolePage } from "./console-page.ts";

export type ConsoleStack = { stack: TestStack; page: ConsolePage; close(): Promise<void> };

/** Starts a stack with its console, as `npm start` does, and opens this in a browser. */
export async function startConsoleStack(
  options: Partial<StackOptions> = {},
): Promise<ConsoleStack> {
  const asked = { consolePort: 0, faultSwitch: faultSwitch([]), stack: "staging" };
  const served = await localConsole(asked, () => undefined);
  const stack = await startTestStack({ ...served.looks, ...options });
  const page = await openConsole(served.serve(() => stack));
  return {
    ...{ stack, page },
    async close() {
      await page.close();
      await stack.close();
      await served.close();
    },
  };
}

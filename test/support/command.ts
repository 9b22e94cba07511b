import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { projectFolder } from "./project-copy.ts";

export const freePorts = ["--http-port", "0", "--websocket-port", "0", "--console-port", "0"];

/** A command of the project that runs until it is told to end. */
export type RunningCommand = {
  /** Returns the next line that matches, and skips those before; rejects if the command ends first. */
  line(pattern: RegExp): Promise<string>;
  /** Ends it as Ctrl-C does; returns its exit code. */
  interrupt(): Promise<number | null>;
};

/** Starts a file of the project, such as `local/cli/start.ts`, in its folder or in that of a copy. */
export function startCommand(
  file: string,
  args: string[],
  folder = projectFolder,
  environment: Record<string, string> = {},
): RunningCommand {
  const child = spawn(process.execPath, ["--import", "tsx/esm", file, ...args], {
    cwd: folder,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said: string[] = [];
  child.stderr.setEncoding("utf8").on("data", (text: string) => said.push(text));
  const lines: AsyncIterator<string, undefined> = createInterface({ input: child.stdout })[
    Symbol.asyncIterator
  ]();
  const exited = once(child, "exit") as Promise<[number | null]>;
  return {
    async line(pattern) {
      for (;;) {
        const next: IteratorResult<string, undefined> = await lines.next();
        if (next.done) throw new Error(`No line matches ${String(pattern)}. ${said.join("")}`);
        if (pattern.test(next.value)) return next.value;
      }
    },
    async interrupt() {
      child.kill("SIGINT");
      const [code] = await exited;
      return code;
    },
  };
}

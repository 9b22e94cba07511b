import { watch } from "chokidar";
import { run } from "./command.ts";
import { startLines } from "./start-lines.ts";

/** Milliseconds in which further files belong to the same change. */
const together = 20;

/** `npm run dev`: as `npm start`, and a saved file is live at once. */
await run(async (options, stopped) => {
  const { devSession } = await import("./dev-session.ts");
  const { projectFolder } = await import("./stack.ts");
  const { localConsole } = await import("./console.ts");
  const page = await localConsole(options, printLog);
  const session = await devSession({ ...options, ...page.looks }, print).catch(
    async (error: unknown) => {
      await page.close();
      throw error;
    },
  );
  for (const line of await startLines(session.stack(), page.serve(session.stack))) print(line);

  const saved = new Set<string>();
  let applied = Promise.resolve();
  const parts = ["handlers", "client", "infra", "tools", "index.ts", "Pulumi.yaml"];
  const watcher = watch([...parts, `Pulumi.${options.stack}.yaml`], {
    cwd: projectFolder,
    ignoreInitial: true,
  });
  watcher.on("all", (_event, path) => {
    if (saved.size === 0) {
      setTimeout(() => {
        const paths = [...saved];
        saved.clear();
        applied = applied.then(() => session.apply(paths));
      }, together);
    }
    saved.add(path);
  });
  await stopped;
  await watcher.close();
  await applied;
  await session.close();
  await page.close();
});

function print(line: string): void {
  console.log(line);
}

function printLog(functionName: string, line: string): void {
  console.error(`${functionName}  ${line}`);
}

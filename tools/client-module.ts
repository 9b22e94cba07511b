import { build as esbuild, type BuildFailure, type Plugin } from "esbuild";

/** Names that the client's modules have for each other, and that stand for nothing else in it. */
const ofModules =
  /^(backoff|check|current|flush|inTurn|isOpen|isWhole|keeper|onEnd|onFrame|onLink|onReady|onState|opened|order|over|promise|read|reject|request|resolve|settle|sleep|take|usable|window)$/;

/** Builds the client of a project into one ES module, for any platform of today. */
export async function clientModule(
  project: string,
  entry: "index" | "http" | "presence" | "prefix" | "served",
): Promise<string> {
  const { outputFiles } = await esbuild({
    absWorkingDir: project,
    entryPoints: [`client/${entry}.ts`],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    mangleProps: ofModules,
    write: false,
    logLevel: "silent",
  });
  return outputFiles[0]?.text ?? "";
}

/**
 * Lets a function import the client of its own project as text, by the name
 * `websocket-channels-client/served`.
 */
export const servedClient: Plugin = {
  name: "served-client",
  setup(build) {
    const { absWorkingDir = "" } = build.initialOptions;
    build.onResolve({ filter: /^websocket-channels-client\/served$/ }, ({ path }) => ({
      path,
      namespace: "served-client",
    }));
    build.onLoad({ filter: /.*/, namespace: "served-client" }, async () => {
      try {
        return { contents: await clientModule(absWorkingDir, "served"), loader: "text" };
      } catch (error) {
        return { errors: (error as BuildFailure).errors };
      }
    });
  },
};

import { fileURLToPath } from "node:url";
import { build as esbuild, type Plugin } from "esbuild";

export const clientFolder = fileURLToPath(new URL("../client/", import.meta.url));

/** Names that the client's modules have for each other, and that stand for nothing else in it. */
const ofModules =
  /^(backoff|check|current|flush|inTurn|isOpen|isWhole|keeper|onEnd|onFrame|onLink|onReady|onState|opened|order|over|promise|read|reject|request|resolve|settle|take|usable)$/;

/** Builds the client into one ES module, for any platform of today. */
export async function clientModule(entry: "index" | "http" | "served"): Promise<string> {
  const { outputFiles } = await esbuild({
    entryPoints: [`${clientFolder}${entry}.ts`],
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

/** Lets a function import the client's module as text, by the name `websocket-channels-client/served`. */
export const servedClient: Plugin = {
  name: "served-client",
  setup(build) {
    build.onResolve({ filter: /^websocket-channels-client\/served$/ }, ({ path }) => ({
      path,
      namespace: "served-client",
    }));
    build.onLoad({ filter: /.*/, namespace: "served-client" }, async () => ({
      contents: await clientModule("served"),
      loader: "text",
      watchDirs: [clientFolder],
    }));
  },
};

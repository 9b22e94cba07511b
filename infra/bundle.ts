import { fileURLToPath } from "node:url";
import * as pulumi from "@pulumi/pulumi";
import { buildSync } from "esbuild";

const projectFolder = fileURLToPath(new URL("..", import.meta.url));

const createRequire =
  'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);';

/**
 * The archive of one Lambda: `handlers/<name>.ts` with all that it imports, and its source map.
 * The same sources give the same bytes, so that an unchanged function is not deployed again.
 * Throws a `pulumi.RunError` that names the file and the place where it does not build.
 */
export function bundle(name: string): pulumi.asset.AssetArchive {
  const entry = `handlers/${name}.ts`;
  try {
    const { outputFiles } = buildSync({
      absWorkingDir: projectFolder,
      entryPoints: [entry],
      outfile: "index.mjs",
      bundle: true,
      minify: true,
      keepNames: true,
      sourcemap: true,
      // Node reads the whole map at each cold start; the sources themselves are in the repository.
      sourcesContent: false,
      platform: "node",
      format: "esm",
      // The runtime is Node 24, and the local stack runs the same bytes on Node 20.
      target: "node20",
      mainFields: ["module", "main"],
      // What is still CommonJS in it requires Node's own modules, which ESM has no word for.
      banner: { js: createRequire },
      write: false,
      logLevel: "silent",
    });
    return new pulumi.asset.AssetArchive(
      Object.fromEntries(
        outputFiles.map((file) => [
          file.path.endsWith(".map") ? "index.mjs.map" : "index.mjs",
          new pulumi.asset.StringAsset(file.text),
        ]),
      ),
    );
  } catch (error) {
    throw new pulumi.RunError(`${entry} does not bundle: ${firstReason(error)}`);
  }
}

/** esbuild's message is a count of the errors, and then a line each with its place. */
function firstReason(error: unknown): string {
  const [summary = "", first] = String(error instanceof Error ? error.message : error).split("\n");
  return first ?? summary;
}

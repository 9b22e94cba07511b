import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, context, type BuildOptions, type BuildResult, type Message } from "esbuild";
import { servedClient } from "./client-module.ts";
import { withoutHttp2 } from "./without-http2.ts";
import { archiveOf, chunksFolder, removeStale, writeArchive, type Archive } from "./archive.ts";

/** Folder of each function's archive, relative to the project, by the function's name. */
export type Bundles = Record<string, string>;

/** Thrown if a file does not build. The message has the file, the place and the reason, in one line. */
export class BundleError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "BundleError";
  }
}

export const projectFolder = fileURLToPath(new URL("..", import.meta.url));
const handlersFolder = "handlers";
const buildFolder = "build";
// Nothing is there: source maps name the sources by their way from it, which is that from an archive.
const togetherFolder = `${buildFolder}/together`;

const createRequire =
  'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);';

let bundled: Promise<Bundles> | undefined;

/**
 * Bundles every Lambda (each file directly in `handlers/`) into `build/<name>/`, all of them in one call,
 * once a process: `index.mjs`, its chunks and their source maps. What is imported by `import()` is in
 * chunks that are loaded then. The same sources give the same names and bytes in any checkout, so that
 * unchanged functions are not deployed again.
 * Rejects with a BundleError.
 */
export function bundleHandlers(): Promise<Bundles> {
  return (bundled ??= bundle(projectFolder, handlersFolder));
}

/** Bundles the files directly in any folder of a project, in the same way but for these options. */
export async function bundle(
  project: string,
  folder: string,
  options: Pick<BuildOptions, "splitting"> = {},
): Promise<Bundles> {
  const names = await namesIn(project, folder);
  const made = await build({ ...optionsFor(project, folder, names), ...options }).catch(throwFirst);
  for (const [name, archive] of archivesOf(project, made, names)) {
    const path = join(project, buildFolder, name);
    await writeArchive(path, archive);
    await removeStale(path, archive);
  }
  return bundlesOf(names);
}

/** Bundles again at each call, in a fraction of the time of the first. */
export type Rebundler = {
  /**
   * Bundles the functions if one of these files is in them, by paths within the project: always at
   * first, and after a bundle that did not build. Returns the names of those whose archives have changed.
   * Chunks of before stay: an instance with an event in hand may still load them.
   * Rejects with a BundleError, and leaves every archive as it was.
   */
  rebundle(paths: string[]): Promise<string[]>;
  close(): Promise<void>;
};

export async function rebundler(project = projectFolder): Promise<Rebundler> {
  const names = await namesIn(project, handlersFolder);
  const bundles = await context(optionsFor(project, handlersFolder, names));
  /** The files of the bundles; undefined where the last did not build. */
  let inputs: Set<string> | undefined;
  return {
    async rebundle(paths) {
      // The client is built within the bundle, which knows nothing of its files.
      const isPart = (path: string) => inputs?.has(path) === true || path.startsWith("client/");
      if (inputs !== undefined && !paths.some(isPart)) return [];
      inputs = undefined;
      const made = await bundles.rebuild().catch(throwFirst);
      inputs = new Set(Object.keys(made.metafile.inputs));
      const changed: string[] = [];
      for (const [name, archive] of archivesOf(project, made, names)) {
        const isChanged = await writeArchive(join(project, buildFolder, name), archive);
        if (isChanged) changed.push(name);
      }
      return changed;
    },
    close: () => bundles.dispose(),
  };
}

async function namesIn(project: string, folder: string): Promise<string[]> {
  const files = await readdir(join(project, folder));
  return files
    .filter((file) => file.endsWith(".ts"))
    .map((file) => file.slice(0, -3))
    .sort();
}

function bundlesOf(names: string[]): Bundles {
  return Object.fromEntries(names.map((name) => [name, `${buildFolder}/${name}`]));
}

function archivesOf(
  project: string,
  made: BuildResult<{ metafile: true; write: false }>,
  names: string[],
): [string, Archive][] {
  return names.map((name) => [name, archiveOf(made, project, togetherFolder, name)]);
}

function optionsFor(project: string, folder: string, names: string[]) {
  return {
    absWorkingDir: project,
    entryPoints: names.map((name) => ({ in: `${folder}/${name}.ts`, out: name })),
    outdir: togetherFolder,
    splitting: true,
    // The hash is of the chunk's content.
    chunkNames: `${chunksFolder}/[name]-[hash]`,
    outExtension: { ".js": ".mjs" },
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
    // CommonJS packages in a bundle call `require` for Node's own modules, and an ES module has none.
    banner: { js: createRequire },
    // The source map names the packages by the same paths if node_modules is a link.
    preserveSymlinks: true,
    plugins: [servedClient, withoutHttp2],
    metafile: true,
    write: false,
    logLevel: "silent",
  } satisfies BuildOptions;
}

function throwFirst(error: unknown): never {
  const [first] = (error as { errors?: Message[] }).errors ?? [];
  if (first === undefined) throw error;
  const { file, line, column } = first.location ?? {};
  const place = file === undefined ? "" : `${file}:${line}:${column}: `;
  throw new BundleError(`${place}${first.text}`);
}

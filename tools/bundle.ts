import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, context, type BuildOptions, type Message } from "esbuild";
import { chunksFolder, removeStaleChunks, writeArchive } from "./archive.ts";

/** Folder of each function's archive, relative to the project, by the function's name. */
export type Bundles = Record<string, string>;

/** Thrown if a file does not build. The message has the file, the place and the reason, in one line. */
export class BundleError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "BundleError";
  }
}

const projectFolder = fileURLToPath(new URL("..", import.meta.url));
const handlersFolder = "handlers";
const buildFolder = "build";

const createRequire =
  'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);';

let bundled: Promise<Bundles> | undefined;

/**
 * Bundles every Lambda (each file directly in `handlers/`) into `build/<name>/`, once a process:
 * `index.mjs`, its chunks and their source maps. What is imported by `import()` is in chunks that are
 * loaded then. The same sources give the same bytes and names in any checkout, so that an unchanged
 * function is not deployed again.
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
  // All of them are made before any is written.
  const making = names.map((name) => build({ ...optionsFor(project, folder, name), ...options }));
  const made = await Promise.all(making).catch(throwFirst);
  await Promise.all(
    made.map(async ({ outputFiles }, index) => {
      await writeArchive(outputFiles);
      await removeStaleChunks(join(project, buildFolder, names[index] ?? ""), outputFiles);
    }),
  );
  return bundlesOf(names);
}

/** Bundles again at each call, in a fraction of the time of the first. */
export type Rebundler = {
  /**
   * Bundles the functions that have one of these files in them, by paths within the project: all of them
   * at first, and after one that did not build. Returns the names of those whose archives have changed.
   * Chunks of before stay: an instance with an event in hand may still load them.
   * Rejects with a BundleError, and leaves every archive as it was.
   */
  rebundle(paths: string[]): Promise<string[]>;
  close(): Promise<void>;
};

export async function rebundler(project = projectFolder): Promise<Rebundler> {
  const names = await namesIn(project, handlersFolder);
  const contexts = await Promise.all(
    names.map(async (name) => ({
      name,
      bundle: await context({ ...optionsFor(project, handlersFolder, name), metafile: true }),
    })),
  );
  /** The files of each bundle that has been made. */
  const inputs = new Map<string, Set<string>>();
  return {
    async rebundle(paths) {
      const touched = contexts.filter(({ name }) => {
        const files = inputs.get(name);
        return files === undefined || paths.some((path) => files.has(path));
      });
      const making = touched.map(async ({ name, bundle }) => {
        inputs.delete(name);
        return { name, result: await bundle.rebuild() };
      });
      await Promise.allSettled(making);
      const made = await Promise.all(making).catch(throwFirst);
      const changed = await Promise.all(
        made.map(async ({ name, result }) => {
          inputs.set(name, new Set(Object.keys(result.metafile.inputs)));
          return (await writeArchive(result.outputFiles)) ? [name] : [];
        }),
      );
      return changed.flat();
    },
    async close() {
      await Promise.all(contexts.map(({ bundle }) => bundle.dispose()));
    },
  };
}

async function namesIn(project: string, folder: string): Promise<string[]> {
  const files = await readdir(join(project, folder));
  return files.filter((file) => file.endsWith(".ts")).map((file) => file.slice(0, -3));
}

function bundlesOf(names: string[]): Bundles {
  return Object.fromEntries(names.map((name) => [name, `${buildFolder}/${name}`]));
}

/** One function at a time: in one call with others it would share chunks with them. */
function optionsFor(project: string, folder: string, name: string) {
  return {
    absWorkingDir: project,
    entryPoints: [{ in: `${folder}/${name}.ts`, out: "index" }],
    outdir: `${buildFolder}/${name}`,
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

import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build, context, type BuildOptions, type BuildResult, type Message } from "esbuild";

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
 * Bundles every Lambda (each file directly in `handlers/`) into `build/<name>/index.mjs` with its source
 * map, all of them in one call, once a process. The same sources give the same bytes in any
 * checkout, so that an unchanged function is not deployed again.
 * Rejects with a BundleError.
 */
export function bundleHandlers(): Promise<Bundles> {
  return (bundled ??= bundle(projectFolder, handlersFolder));
}

/** Bundles the files directly in any folder of a project, in the same way. */
export async function bundle(project: string, folder: string): Promise<Bundles> {
  const names = await namesIn(project, folder);
  const result = await build(optionsFor(project, folder, names)).catch(throwFirst);
  await write(project, result);
  return bundlesOf(names);
}

/** Bundles again at each call, in a fraction of the time of the first. */
export type Rebundler = {
  /**
   * Bundles the functions that have one of these files in them, by paths within the project: all of them
   * at first, and after one that did not build. Returns the names of those whose archives have changed.
   * Rejects with a BundleError, and leaves every archive as it was.
   */
  rebundle(paths: string[]): Promise<string[]>;
  close(): Promise<void>;
};

export async function rebundler(project = projectFolder): Promise<Rebundler> {
  const names = await namesIn(project, handlersFolder);
  // One for each function: printing a bundle takes most of the time.
  const contexts = await Promise.all(
    names.map((name) =>
      context({ ...optionsFor(project, handlersFolder, [name]), metafile: true }),
    ),
  );
  /** The files of each bundle that has been made. */
  const inputs = new Map<(typeof contexts)[number], Set<string>>();
  return {
    async rebundle(paths) {
      const touched = contexts.filter((bundle) => {
        const files = inputs.get(bundle);
        return files === undefined || paths.some((path) => files.has(path));
      });
      const making = touched.map(async (bundle) => {
        inputs.delete(bundle);
        return { bundle, result: await bundle.rebuild() };
      });
      await Promise.allSettled(making);
      const made = await Promise.all(making).catch(throwFirst);
      for (const { bundle, result } of made) {
        inputs.set(bundle, new Set(Object.keys(result.metafile.inputs)));
      }
      const changed = await Promise.all(made.map(({ result }) => write(project, result)));
      return changed.flat();
    },
    async close() {
      await Promise.all(contexts.map((bundle) => bundle.dispose()));
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

function optionsFor(project: string, folder: string, names: string[]) {
  return {
    absWorkingDir: project,
    entryPoints: names.map((name) => ({ in: `${folder}/${name}.ts`, out: `${name}/index` })),
    outdir: buildFolder,
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

/**
 * Writes the files that differ from those on disk, each by a rename, so that a process that reads an
 * archive meanwhile finds whole files. Returns the names of the functions whose archives differ.
 */
async function write(
  project: string,
  { outputFiles }: BuildResult<{ write: false }>,
): Promise<string[]> {
  const changed = new Set<string>();
  for (const { path, contents } of outputFiles) {
    const present = await readFile(path).catch(() => undefined);
    if (present?.equals(contents)) continue;
    await mkdir(dirname(path), { recursive: true });
    const whole = `${path}.${process.pid}`;
    await writeFile(whole, contents);
    await rename(whole, path);
    changed.add(relative(join(project, buildFolder), dirname(path)));
  }
  return [...changed];
}

function throwFirst(error: unknown): never {
  const [first] = (error as { errors?: Message[] }).errors ?? [];
  if (first === undefined) throw error;
  const { file, line, column } = first.location ?? {};
  const place = file === undefined ? "" : `${file}:${line}:${column}: `;
  throw new BundleError(`${place}${first.text}`);
}

import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import type { BuildResult } from "esbuild";

/** What is in a function's archive, by the paths in it. */
export type Archive = Map<string, Uint8Array>;

/** Where the parts of an archive are that its `index.mjs` loads. */
export const chunksFolder = "chunks";

/**
 * Returns the archive of one of the functions that were bundled together, `<name>.mjs` in `folder` of the
 * project: with the chunks that it imports, at once or later, and all their source maps.
 */
export function archiveOf(
  { metafile, outputFiles }: BuildResult<{ metafile: true; write: false }>,
  project: string,
  folder: string,
  name: string,
): Archive {
  const entry = `${folder}/${name}.mjs`;
  const code = new Set([entry]);
  // A set goes on with what is added meanwhile.
  for (const path of code) {
    const { imports = [] } = metafile.outputs[path] ?? {};
    for (const chunk of imports) if (!chunk.external) code.add(chunk.path);
  }
  const archive: Archive = new Map();
  for (const file of outputFiles) {
    const path = relative(project, file.path);
    if (!code.has(path.replace(/\.map$/, ""))) continue;
    archive.set(path === entry ? "index.mjs" : relative(folder, path), file.contents);
  }
  return archive;
}

/**
 * Writes the files that differ from those on disk, each by a rename, so that a process that reads an
 * archive meanwhile finds whole files; `index.mjs`, which names the others, comes last. Returns whether
 * any differed.
 */
export async function writeArchive(folder: string, archive: Archive): Promise<boolean> {
  let isChanged = false;
  const chunksFirst = [...archive].sort(
    ([a], [b]) => Number(a === "index.mjs") - Number(b === "index.mjs"),
  );
  for (const [name, contents] of chunksFirst) {
    const path = join(folder, name);
    const present = await readFile(path).catch(() => undefined);
    if (present?.equals(contents)) continue;
    await mkdir(dirname(path), { recursive: true });
    const whole = `${path}.${process.pid}`;
    await writeFile(whole, contents);
    await rename(whole, path);
    isChanged = true;
  }
  return isChanged;
}

/** Removes the code and maps of before from the folder of an archive: they would be uploaded too. */
export async function removeStale(folder: string, archive: Archive): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  // Whatever else is there, another process is writing.
  const stale = files.filter(
    (path) => /\.(mjs|map)$/.test(path) && !archive.has(relative(folder, path)),
  );
  await Promise.all(stale.map((path) => rm(path, { force: true })));
}

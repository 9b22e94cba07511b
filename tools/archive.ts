import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { OutputFile } from "esbuild";

/** Where the parts of an archive are that its entry loads, in the archive. */
export const chunksFolder = "chunks";

/**
 * Writes the files that differ from those on disk, each by a rename, so that a process that reads an
 * archive meanwhile finds whole files; the entry, which names the others, comes last. Returns whether
 * any differed.
 */
export async function writeArchive(files: OutputFile[]): Promise<boolean> {
  let isChanged = false;
  for (const { path, contents } of files.toSorted((a, b) => depth(b) - depth(a))) {
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

/** Removes the chunks that are none of these files: they would be uploaded too. */
export async function removeStaleChunks(folder: string, files: OutputFile[]): Promise<void> {
  const chunks = join(folder, chunksFolder);
  const present = await readdir(chunks).catch(() => []);
  const made = new Set(files.map(({ path }) => path));
  const stale = present.map((name) => join(chunks, name)).filter((path) => !made.has(path));
  await Promise.all(stale.map((path) => rm(path, { force: true })));
}

function depth({ path }: OutputFile): number {
  return path.split(/[\\/]/).length;
}

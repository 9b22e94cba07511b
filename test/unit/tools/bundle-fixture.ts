import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { projectFolder } from "../../support/project-copy.ts";

/** Makes projects that have nothing but handlers; `remove` removes them all. */
export function projects() {
  const folders: string[] = [];
  return {
    /** Returns the folder of a project with these files in `handlers/`. */
    project: async (handlers: Record<string, string>): Promise<string> => {
      const folder = await mkdtemp(join(tmpdir(), "bundle-"));
      folders.push(folder);
      await mkdir(join(folder, "handlers"));
      for (const [name, text] of Object.entries(handlers)) {
        const file = join(folder, "handlers", name);
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, text);
      }
      return folder;
    },
    remove: async (): Promise<void> => {
      for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
    },
  };
}

/** Returns the texts of an archive's files, by their paths in it. */
export async function archive(project: string, path: string): Promise<Record<string, string>> {
  const folder = join(project, path);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((file) => join(file.parentPath, file.name));
  const files = paths
    .sort()
    .map(async (file) => [relative(folder, file), await readFile(file, "utf8")] as const);
  return Object.fromEntries(await Promise.all(files));
}

/** Returns the sources of these files of code by their maps, as paths in the project. */
export async function sourcesOf(code: string[]): Promise<Set<string>> {
  const found = new Set<string>();
  for (const file of code) {
    const [, map = ""] =
      /\/\/# sourceMappingURL=(\S+)\s*$/.exec(await readFile(file, "utf8")) ?? [];
    const { sources } = JSON.parse(await readFile(join(dirname(file), map), "utf8")) as {
      sources: string[];
    };
    for (const source of sources) found.add(relative(projectFolder, join(dirname(file), source)));
  }
  return found;
}

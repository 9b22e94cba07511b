import { cp, mkdtemp, realpath, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const projectFolder = fileURLToPath(new URL("../..", import.meta.url));

export type ProjectCopy = { folder: string; remove: () => Promise<void> };

/** Copies the program and the local stack into a folder of its own, where they can be changed. */
export async function copyProject(): Promise<ProjectCopy> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "project-")));
  const files = ["Pulumi.yaml", "Pulumi.staging.yaml", "package.json", "tsconfig.json", "index.ts"];
  for (const part of [...files, "infra", "handlers", "local", "tools", "console", "client"]) {
    await cp(join(projectFolder, part), join(folder, part), { recursive: true });
  }
  await symlink(join(projectFolder, "node_modules"), join(folder, "node_modules"));
  return { folder, remove: () => rm(folder, { recursive: true }) };
}

import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Unpacks the files of an archive, path -> text, below a folder that need not exist yet. */
export async function unpack(files: Record<string, string>, folder: string): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

// As esbuild prints them, and import() it prints with a parenthesis.
const staticImport = /\b(?:from|import)"(\.[^"]+)"/g;

/** Returns the files that Node loads before an ES module is run: the module, and all it imports. */
export async function loadedFiles(entry: string): Promise<string[]> {
  const files = new Set([entry]);
  // A set goes on with what is added meanwhile.
  for (const file of files) {
    const text = await readFile(file, "utf8");
    for (const [, path = ""] of text.matchAll(staticImport)) files.add(join(dirname(file), path));
  }
  return [...files];
}

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

export type PageFile = { type: string; content: string | Uint8Array };

const folder = fileURLToPath(new URL("../page/", import.meta.url));

let made: Promise<Map<string, PageFile>> | undefined;

/**
 * Returns the files of the page by their paths. They are bundled when they are first asked for, so that no
 * start waits for them.
 */
export function pageFiles(): Promise<Map<string, PageFile>> {
  return (made ??= bundlePage());
}

async function bundlePage(): Promise<Map<string, PageFile>> {
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    absWorkingDir: folder,
    entryPoints: ["main.tsx", "style.css"],
    outdir: folder,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    jsx: "automatic",
    jsxImportSource: "preact",
    write: false,
    logLevel: "silent",
  });
  const bundled = (name: string) => {
    const file = outputFiles.find(({ path }) => path.endsWith(name));
    return file?.contents ?? new Uint8Array();
  };
  const text = (name: string) => readFile(folder + name, "utf8");
  return new Map<string, PageFile>([
    ["/", { type: "text/html; charset=utf-8", content: await text("index.html") }],
    ["/main.js", { type: "text/javascript; charset=utf-8", content: bundled("main.js") }],
    ["/style.css", { type: "text/css; charset=utf-8", content: bundled("style.css") }],
    ["/icon.svg", { type: "image/svg+xml", content: await text("icon.svg") }],
  ]);
}

import { rm, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { projectFolder } from "./bundle.ts";
import { clientModule } from "./client-module.ts";

/** `npm run client`: builds the package `websocket-channels-client` into `client/dist/`. */
const dist = join(projectFolder, "client/dist");
await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
for (const entry of ["index", "http", "presence", "prefix"] as const) {
  await writeFile(join(dist, `${entry}.js`), await clientModule(projectFolder, entry));
}

import { rm, mkdir, writeFile } from "node:fs/promises";
import { clientFolder, clientModule } from "./client-module.ts";

/** `npm run client`: builds the package `websocket-channels-client` into `client/dist/`. */
const dist = `${clientFolder}dist/`;
await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
for (const entry of ["index", "http"] as const) {
  await writeFile(`${dist}${entry}.js`, await clientModule(entry));
}

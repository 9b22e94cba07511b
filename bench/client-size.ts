import { brotliCompressSync, gzipSync } from "node:zlib";
import { projectFolder } from "../tools/bundle.ts";
import { clientModule } from "../tools/client-module.ts";
import type { Measure } from "./figure.ts";

/** Sizes the client as a stack serves it. */
export const clientSize: Measure = async () => {
  const text = await clientModule(projectFolder, "served");
  return [
    { what: "The client, minified", value: text.length / 1000, unit: "kB" },
    { what: "The client, by gzip", value: gzipSync(text).length / 1000, unit: "kB" },
    {
      what: "The client, by brotli",
      value: brotliCompressSync(text).length / 1000,
      unit: "kB",
      goal: { atMost: 3 },
    },
  ];
};

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Prints the files of the lazy packages that are loaded, before and after what needs them. */
const script = `
  import { createRequire } from "node:module";
  await import("./local/graph/evaluate.ts");
  const { runtime } = await import("@pulumi/pulumi");
  const { cache } = createRequire(import.meta.url);
  const lazy = /node_modules.(@npmcli.arborist|typescript).lib/;
  const loaded = () => Object.values(cache).filter(
    ({ filename, paths }) => lazy.test(filename) && paths !== undefined).length;
  const before = loaded();
  const { text } = await runtime.serializeFunction((name) => "Hello, " + name);
  const typescript = loaded();
  const paths = await runtime.computeCodePaths();
  console.log(JSON.stringify({ before, text, typescript, all: loaded(), paths: paths.size }));
`;

describe("packages that Pulumi needs for closures", () => {
  it("are not loaded until it serializes one", async () => {
    const args = ["--import", "tsx/esm", "--input-type=module", "--eval", script];
    const { stdout } = await run(process.execPath, args);
    const { before, text, typescript, all, paths } = JSON.parse(stdout) as Record<string, unknown>;
    assert.equal(before, 0);
    assert.match(String(text), /"Hello, "/);
    assert.equal(typescript, 1);
    assert.ok(Number(all) > 10, `${String(all)} files`);
    assert.ok(Number(paths) > 0);
  });
});

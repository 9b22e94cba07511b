import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { cp, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bundle, bundleHandlers, rebundler } from "../../../tools/bundle.ts";
import { projectFolder } from "../../support/project-copy.ts";
import { archive, projects, sourcesOf } from "./bundle-fixture.ts";

const names = ["authorizer", "fanout", "http", "websocket"];

describe("a bundle", () => {
  const { project, remove } = projects();
  afterEach(remove);

  it("is made of each file directly in handlers/", async () => {
    const bundles = await bundleHandlers();
    assert.deepEqual(bundles, Object.fromEntries(names.map((name) => [name, `build/${name}`])));
  });

  for (const name of names) {
    it(`of ${name} has the source map of each file, and no Pulumi code`, async () => {
      const { [name]: folder = "" } = await bundleHandlers();
      const files = await archive(projectFolder, folder);
      const code = Object.keys(files).filter((file) => file.endsWith(".mjs"));
      assert.ok(code.includes("index.mjs"));
      assert.equal(Object.keys(files).length, 2 * code.length);
      const sources = await sourcesOf(code.map((file) => join(projectFolder, folder, file)));
      assert.ok(sources.has(`handlers/${name}.ts`));
      const ofPulumi = [...sources].filter((source) => /@pulumi|^infra\//.test(source));
      assert.deepEqual(ofPulumi, []);
    });
  }

  it("has the same bytes in any checkout", async () => {
    const bundles = await bundleHandlers();
    const folder = await project({});
    for (const part of ["handlers", "client", "package.json", "tsconfig.json"]) {
      await cp(join(projectFolder, part), join(folder, part), { recursive: true });
    }
    await symlink(join(projectFolder, "node_modules"), join(folder, "node_modules"));
    assert.deepEqual(await bundle(folder, "handlers"), bundles);
    for (const path of Object.values(bundles)) {
      assert.deepEqual(await digests(folder, path), await digests(projectFolder, path));
    }
  });

  it("that does not build says where and why, in one line", async () => {
    const folder = await project({ "broken.ts": "export const handler = ;\n" });
    await assert.rejects(bundle(folder, "handlers"), {
      name: "BundleError",
      message: 'handlers/broken.ts:1:23: Unexpected ";"',
    });
  });

  it("has the client of its own checkout, and is made anew with that", async () => {
    const folder = await project({
      "one.ts": 'import text from "websocket-channels-client/served"; console.log(text);',
      "two.ts": "export const n = 2;",
    });
    await mkdir(join(folder, "client"));
    const incremental = await rebundler(folder);
    const save = async (text: string) => {
      await writeFile(join(folder, "client/served.ts"), text);
      return incremental.rebundle(["client/served.ts"]);
    };
    assert.deepEqual((await save("export const n = 41;")).sort(), ["one", "two"]);
    assert.deepEqual(await save("export const n = 42;"), ["one"]);
    assert.match(JSON.stringify(await archive(folder, "build/one")), /=42/);
    await assert.rejects(save("export const n = ;"), {
      message: 'client/served.ts:1:17: Unexpected ";"',
    });
    await incremental.close();
  });

  it("is made anew, with the names of those that have changed, and stays where one does not build", async () => {
    const folder = await project({
      "one.ts": "export const n = 1;",
      "two.ts": "export const n = 2;",
    });
    const incremental = await rebundler(folder);
    const save = async (file: string, text: string) => {
      await writeFile(join(folder, "handlers", file), text);
      return (await incremental.rebundle([`handlers/${file}`])).sort();
    };
    assert.deepEqual((await incremental.rebundle([])).sort(), ["one", "two"]);
    assert.deepEqual(await incremental.rebundle(["handlers/one.ts", "handlers/two.ts"]), []);
    assert.deepEqual(await save("two.ts", "export const n = 22;"), ["two"]);
    const built = await archive(folder, "build/two");
    await assert.rejects(save("two.ts", "export const n = ;"), {
      message: 'handlers/two.ts:1:17: Unexpected ";"',
    });
    assert.deepEqual(await archive(folder, "build/two"), built);
    await incremental.close();
  });
});

/** Returns the hash of each of its files. */
async function digests(project: string, path: string): Promise<Record<string, string>> {
  const files = Object.entries(await archive(project, path));
  return Object.fromEntries(files.map(([file, text]) => [file, hash("sha256", text)]));
}

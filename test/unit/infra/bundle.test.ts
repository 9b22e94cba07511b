import assert from "node:assert/strict";
import { bundle } from "../../../infra/bundle.ts";
import type { asset } from "@pulumi/pulumi";

describe("bundle", () => {
  for (const name of ["websocket", "http", "fanout", "authorizer"]) {
    it(`of ${name} has its source map and no Pulumi code`, async () => {
      const files = await textsOf(bundle(name));
      assert.deepEqual(Object.keys(files).sort(), ["index.mjs", "index.mjs.map"]);
      assert.match(files["index.mjs"] ?? "", /\/\/# sourceMappingURL=index\.mjs\.map\s*$/);
      const { sources } = JSON.parse(files["index.mjs.map"] ?? "") as { sources: string[] };
      assert.ok(sources.includes(`handlers/${name}.ts`));
      assert.deepEqual(
        sources.filter((source) => source.includes("@pulumi") || source.startsWith("infra/")),
        [],
      );
    });

    it(`of ${name} is the same bytes each time`, async () => {
      assert.deepEqual(await textsOf(bundle(name)), await textsOf(bundle(name)));
    });
  }

  it("of a file that does not build says which and why, in one error", () => {
    assert.throws(() => bundle("missing"), {
      message:
        /^handlers\/missing\.ts does not bundle: .*Could not resolve "handlers\/missing\.ts"$/,
    });
  });
});

async function textsOf(archive: asset.AssetArchive): Promise<Record<string, string>> {
  const files = Object.entries(await archive.assets).map(async ([path, file]) => {
    const { text } = file as asset.StringAsset;
    return [path, await text];
  });
  return Object.fromEntries(await Promise.all(files)) as Record<string, string>;
}

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readStackConfig } from "../../../../local/graph/stack-config.ts";
import { StartError } from "../../../../local/shared/start-error.ts";

const project = `
name: shop
config:
  colour: { type: string, default: red }
  sizes: { type: array, items: { type: integer }, default: [1, 2] }
  secret: { type: string }
`;

describe("stack config", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "stack-config-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const read = async (files: Record<string, string>, stack = "dev") => {
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    return readStackConfig(folder, stack);
  };

  it("puts the stack's values before the project's defaults, as Pulumi hands them over", async () => {
    const dev = "config:\n  aws:region: eu-west-1\n  shop:colour: blue\n  shop:flag: true\n";
    assert.deepEqual(await read({ "Pulumi.yaml": project, "Pulumi.dev.yaml": dev }), {
      folder,
      project: "shop",
      stack: "dev",
      values: {
        "aws:region": "eu-west-1",
        "shop:colour": "blue",
        "shop:flag": "true",
        "shop:sizes": "[1,2]",
      },
    });
  });

  it("takes the defaults alone from an empty stack file", async () => {
    const { values } = await read({ "Pulumi.yaml": project, "Pulumi.dev.yaml": "" });
    assert.deepEqual(values, { "shop:colour": "red", "shop:sizes": "[1,2]" });
  });

  it("puts overrides before the stack's values, by keys with or without the namespace", async () => {
    await read({ "Pulumi.yaml": project, "Pulumi.dev.yaml": "config:\n  shop:colour: blue\n" });
    const overrides = { colour: "green", "shop:secret": "a=b", "aws:region": "eu-west-1" };
    const { values } = await readStackConfig(folder, "dev", overrides);
    assert.deepEqual(values, {
      "aws:region": "eu-west-1",
      "shop:colour": "green",
      "shop:secret": "a=b",
      "shop:sizes": "[1,2]",
    });
  });

  const refused: [string, Record<string, string>, RegExp][] = [
    [
      "a missing stack file",
      { "Pulumi.yaml": project },
      /^Pulumi\.dev\.yaml cannot be read: ENOENT/,
    ],
    [
      "a stack file that is not YAML",
      { "Pulumi.yaml": project, "Pulumi.dev.yaml": "config: [" },
      /^Pulumi\.dev\.yaml is not YAML: /,
    ],
    [
      "a stack file that is a list",
      { "Pulumi.yaml": project, "Pulumi.dev.yaml": "- a" },
      /^Pulumi\.dev\.yaml is not a mapping of keys to values\.$/,
    ],
    [
      "an encrypted value",
      { "Pulumi.yaml": project, "Pulumi.dev.yaml": "config: {shop:secret: {secure: v1abc}}" },
      /^Pulumi\.dev\.yaml: shop:secret is encrypted, and only Pulumi has the key/,
    ],
  ];
  for (const [what, files, message] of refused) {
    it(`refuses ${what} in one line`, async () => {
      await assert.rejects(read(files), (error: unknown) => {
        assert.ok(error instanceof StartError);
        assert.match(error.message, message);
        assert.ok(!error.message.includes("\n"));
        return true;
      });
    });
  }
});

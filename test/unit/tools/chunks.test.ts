import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { loadedFiles } from "../../../bench/loaded-files.ts";
import { bundle, bundleHandlers, rebundler } from "../../../tools/bundle.ts";
import { projectFolder } from "../../support/project-copy.ts";
import { archive, projects, sourcesOf } from "./bundle-fixture.ts";

/** What takes time to load, by the paths of its sources. */
const heavy = {
  dynamoDb: /client-dynamodb\//,
  sqs: /client-sqs\//,
  management: /client-apigatewaymanagementapi\//,
  credentialProviders: /credential-provider-(ini|sso|process|imds)\//,
  posts: /undici\//,
  tokens: /aws-jwt-verify\//,
  documents: /(openapi|asyncapi)\.json$/,
};

/** Those that each function loads before its first event. */
const loadedParts = {
  authorizer: ["tokens"],
  fanout: ["dynamoDb", "posts"],
  http: ["dynamoDb", "posts"],
  websocket: ["dynamoDb"],
};

describe("the chunks of a bundle", () => {
  const { project, remove } = projects();
  afterEach(remove);

  const lazy = (text: string) => ({
    "one.ts": 'export const load = () => import("./parts/part.ts");',
    "parts/part.ts": text,
  });
  /** Returns the names of what was made of `parts/part.ts`. */
  const chunksIn = async (folder: string) =>
    Object.keys(await archive(folder, "build/one")).filter((file) => /part-\w+\.mjs$/.test(file));

  for (const [name, parts] of Object.entries(loadedParts)) {
    it(`that ${name} loads before its first event have what most events need, and no more`, async () => {
      const { [name]: folder = "" } = await bundleHandlers();
      const loaded = await sourcesOf(await loadedFiles(join(projectFolder, folder, "index.mjs")));
      const isLoaded = (part: RegExp) => [...loaded].some((source) => part.test(source));
      const found = Object.entries(heavy).flatMap(([part, paths]) =>
        isLoaded(paths) ? [part] : [],
      );
      assert.deepEqual(found, parts);
    });
  }

  for (const name of ["http", "fanout"]) {
    it(`that ${name} loads before its first event load no HTTP/2 of Node's`, async () => {
      const { [name]: folder = "" } = await bundleHandlers();
      const loaded = await loadedFiles(join(projectFolder, folder, "index.mjs"));
      const texts = await Promise.all(loaded.map((file) => readFile(file, "utf8")));
      assert.ok(!texts.join().includes("node:http2"));
    });
  }

  it("are named by their content, and those of a former bundle are gone", async () => {
    const folder = await project(lazy(""));
    const chunksWith = async (text: string) => {
      await writeFile(join(folder, "handlers/parts/part.ts"), text);
      await bundle(folder, "handlers");
      return chunksIn(folder);
    };
    const former = await chunksWith("export const n = 1;");
    const latter = await chunksWith("export const n = 2;");
    assert.deepEqual([former.length, latter.length], [1, 1]);
    assert.notDeepEqual(former, latter);
    assert.deepEqual(await chunksWith("export const n = 1;"), former);
  });

  it("stay while a bundle is made anew: an event in hand may still load them", async () => {
    const folder = await project(lazy("export const n = 1;"));
    const incremental = await rebundler(folder);
    await incremental.rebundle([]);
    const [former = ""] = await chunksIn(folder);
    await writeFile(join(folder, "handlers/parts/part.ts"), "export const n = 2;");
    assert.deepEqual(await incremental.rebundle(["handlers/parts/part.ts"]), ["one"]);
    const present = await chunksIn(folder);
    assert.equal(present.length, 2);
    assert.ok(present.includes(former));
    await incremental.close();
  });
});

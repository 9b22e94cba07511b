import assert from "node:assert/strict";
import { brotliDecompressSync } from "node:zlib";
import type * as Client from "../../client/index.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";
import { presignedUrl } from "../../tools/presigned-url.ts";
import { Sha256 } from "@aws-crypto/sha256-js";
import { socketClass } from "./support.ts";

/** Bytes of the compressed file, as bench/README.md states them. */
const maxBytes = 3_000;

describe("GET /client.js", () => {
  const { Class: WebSocket } = socketClass();
  const stacks: TestStack[] = [];
  after(() => Promise.all(stacks.map((stack) => stack.close())));

  const start = async (auth: string) => {
    const stack = await startTestStack({ config: { auth } });
    stacks.push(stack);
    return stack;
  };
  /** What a connection takes, in each mode of `auth`. */
  const ways: Record<string, (stack: TestStack) => [Client.Url, Client.Options]> = {
    none: ({ websocketUrl }) => [websocketUrl, {}],
    jwt: ({ websocketUrl, issuer = assert.fail() }) => [
      websocketUrl,
      { token: () => issuer.sign({ subscribe: "news", publish: "news" }) },
    ],
    iam: ({ websocketUrl, user = assert.fail(), description: { region } }) => [
      () =>
        presignedUrl(
          new URL(`${websocketUrl}?channel=`),
          { region, credentials: user, sha256: Sha256 },
          60,
        ),
      {},
    ],
  };
  for (const [auth, way] of Object.entries(ways)) {
    it(`serves everyone a client that publishes and subscribes, with auth ${auth}`, async () => {
      const stack = await start(auth);
      const response = await fetch(`${stack.httpUrl}client.js`);
      assert.equal(response.status, 200);
      const source = await response.text();
      const { connect } = (await import(
        `data:text/javascript,${encodeURIComponent(source.replace("import.meta.url", `"${stack.httpUrl}"`))}`
      )) as typeof Client;
      const [url, options] = way(stack);
      const client = connect(url, { ...options, WebSocket });
      const news = client.subscribe("news");
      await news.ready;
      const reading = news[Symbol.asyncIterator]().next();
      await news.publish({ to: "everyone" });
      const next = (await reading) as { value: Client.Message };
      assert.deepEqual(next.value.data, { to: "everyone" });
      client.close();
    });
  }

  it("may be kept for an hour, by pages of any origin, and is small", async () => {
    const [stack = assert.fail()] = stacks;
    const url = `${stack.httpUrl}client.js`;
    const coded = async (coding: string) => {
      const response = await fetch(url, { headers: { "accept-encoding": coding } });
      return [response.headers.get("content-encoding"), await response.text()] as const;
    };
    const [none, text] = await coded("identity");
    assert.equal(none, null);
    assert.deepEqual(await coded("gzip"), ["gzip", text]);
    assert.deepEqual(await coded("gzip, br"), ["br", text]);
    const { headers } = await fetch(url);
    for (const [name, value] of [
      ["content-type", "text/javascript"],
      ["cache-control", "public, max-age=3600"],
      ["access-control-allow-origin", "*"],
      ["vary", "accept-encoding"],
    ] as const) {
      assert.equal(headers.get(name), value);
    }
    const { request } = await import("node:http");
    const bytes = await new Promise<Buffer>((resolve) => {
      request(url, { headers: { "accept-encoding": "br" } }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => {
          resolve(Buffer.concat(chunks));
        });
      }).end();
    });
    assert.ok(bytes.length <= maxBytes, `It has ${bytes.length} bytes.`);
    assert.equal(brotliDecompressSync(bytes).toString(), text);
  });
});

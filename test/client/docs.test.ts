import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { build } from "esbuild";
import { WebSocket } from "ws";
import { projectFolder } from "../support/project-copy.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";
import { request } from "../support/transcript.ts";

/** Runs a module as a back end has it, and calls `say` with the arguments of its `console.log`. */
async function run(code: string, say: (...said: unknown[]) => void): Promise<void> {
  const { outputFiles } = await build({
    stdin: { contents: code, loader: "ts", resolveDir: projectFolder },
    alias: {
      "websocket-channels-client/http": join(projectFolder, "client/http.ts"),
      "websocket-channels-client/presence": join(projectFolder, "client/presence.ts"),
      "websocket-channels-client/prefix": join(projectFolder, "client/prefix.ts"),
      "websocket-channels-client": join(projectFolder, "client/index.ts"),
    },
    banner: { js: "const { PlatformSocket, console } = globalThis.docsTest;" },
    define: { "globalThis.WebSocket": "PlatformSocket" },
    ...{ bundle: true, format: "esm", target: "es2022", write: false },
  });
  Object.assign(globalThis, { docsTest: { PlatformSocket: WebSocket, console: { log: say } } });
  await import(`data:text/javascript,${encodeURIComponent(outputFiles[0]?.text ?? "")}`);
}

describe("docs/client.md", () => {
  let stack: TestStack;
  let publishing: string;
  let together: string;
  let listening: string;
  let watching: string;
  let below: string;
  before(async () => {
    stack = await startTestStack({ config: { prefixSubscriptions: "true" } });
    const page = await readFile(join(projectFolder, "docs/client.md"), "utf8");
    [publishing = "", together = "", listening = "", watching = "", below = ""] = [
      ...page.matchAll(/^```ts\n(.*?)^```$/gms),
    ].map(([, code = ""]) =>
      code
        .replace("http://127.0.0.1:3000/staging/", stack.httpUrl)
        .replace("ws://127.0.0.1:3001/staging", stack.websocketUrl),
    );
  });
  after(() => stack.close());

  it("has a back end that publishes", async () => {
    const said: unknown[] = [];
    await run(publishing, (text) => said.push(text));
    assert.match(String(said), /^\w+-1 has reached 0, and is on its way to 0\.$/);
  });

  it("has a back end that publishes several messages at once", async () => {
    const said: unknown[] = [];
    await run(together, (text) => said.push(text));
    assert.match(said.join(), /^\w+-2,\w+-1$/);
  });

  it("has a back end that listens", async () => {
    const heard: unknown[] = [];
    // It listens until its process ends, and here until it has heard something.
    const ending = listening.replace(/}\s*$/, "  channels.close();\n  break;\n}");
    const running = run(ending, (_id, data) => heard.push(data));
    while (heard.length === 0) {
      await request(stack.httpUrl, "POST /channels/news/messages", "hello");
    }
    await running;
    assert.deepEqual(heard, ["hello"]);
  });

  it("has a watch of who is on a channel", async () => {
    const said: string[] = [];
    // It watches until its process ends, and here until it has the list.
    const ending = `${watching}await presence.ready;\npresence.close();\n`;
    await run(ending, (...words) => said.push(words.join(": ")));
    assert.ok(said.includes("connected: cleo"), said.join("\n"));
  });

  it("has a subscription to everything below a name", async () => {
    const heard: unknown[][] = [];
    // It listens until its process ends, and here until it has heard of both.
    const ending = `${below}
      await orders.ready;
      console.log("ready");
      for await (const { channel } of orders) if (channel === "orders:eu") break;
      orders.close();`;
    const running = run(ending, (...words) => heard.push(words));
    while (heard.length === 0) await setImmediate();
    await request(stack.httpUrl, "POST /channels/orders/messages", "one");
    await request(stack.httpUrl, "POST /channels/orders:eu/messages", "two");
    await running;
    assert.deepEqual(heard, [["ready"], ["orders", "one"], ["orders:eu", "two"]]);
  });
});

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Sha256 } from "@aws-crypto/sha256-js";
import { build } from "esbuild";
import { presignedUrl } from "../../tools/presigned-url.ts";
import { projectFolder } from "../support/project-copy.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";
import { inBrowser } from "./browser.ts";

describe("the client in a browser", () => {
  /** What a page gives `connect`, in each mode of `auth`. */
  const ways: Record<string, (stack: TestStack) => Promise<string>> = {
    none: ({ websocketUrl }) => Promise.resolve(JSON.stringify(websocketUrl)),
    async jwt({ websocketUrl, issuer = assert.fail() }) {
      const token = await issuer.sign({ subscribe: "news", publish: "news" });
      return `${JSON.stringify(websocketUrl)}, { token: () => ${JSON.stringify(token)} }`;
    },
    async iam({ websocketUrl, user = assert.fail(), description: { region } }) {
      const signing = { region, credentials: user, sha256: Sha256 };
      const url = await presignedUrl(new URL(`${websocketUrl}?channel=`), signing, 60);
      return `() => ${JSON.stringify(url)}`;
    },
  };
  for (const [auth, way] of Object.entries(ways)) {
    it(`comes from the stack itself, with auth ${auth}`, async () => {
      const stack = await startTestStack({ config: { auth } });
      const reported = await inBrowser(`
        const { connect } = await import("${stack.httpUrl}client.js");
        const news = connect(${await way(stack)}).subscribe("news");
        await news.ready;
        const reading = news[Symbol.asyncIterator]().next();
        await news.publish({ from: "a page" });
        report((await reading).value.data);
      `);
      assert.deepEqual(reported, { from: "a page" });
      await stack.close();
    });
  }

  it("runs in a worker, and tries at once when the browser is online again", async () => {
    const stack = await startTestStack();
    const worker = `
      import { connect } from "${stack.httpUrl}client.js";
      // The first handshake fails, and the next one is not tried for an hour.
      const urls = ["ws://127.0.0.1:1/", "${stack.websocketUrl}"];
      const channels = connect(() => urls.shift(), { retryMilliseconds: [3.6e6, 3.6e6] });
      channels.addEventListener("statechange", () => {
        if (channels.state === "waiting") setTimeout(() => dispatchEvent(new Event("online")));
      });
      await channels.subscribe("news").ready;
      postMessage("ready");
    `;
    const reported = await inBrowser(`
      const file = new Blob([${JSON.stringify(worker)}], { type: "text/javascript" });
      const worker = new Worker(URL.createObjectURL(file), { type: "module" });
      worker.onmessage = ({ data }) => report(data);
      worker.onerror = ({ message }) => report(message);
    `);
    assert.equal(reported, "ready");
    await stack.close();
  });

  it("says why it is refused, which a page is not told of a handshake", async () => {
    // The page's origin has to be one that may ask.
    const config = { auth: "jwt", corsOrigins: '["http://*"]' };
    const stack = await startTestStack({ config });
    const reported = await inBrowser(`
      const { connect } = await import("${stack.httpUrl}client.js");
      const channels = connect("${stack.websocketUrl}", { token: () => "of.another.issuer" });
      channels.addEventListener("statechange", () => {
        if (channels.state === "failed") report(channels.error.message);
      });
    `);
    assert.match(String(reported), /Token or signed URL refused/);
    await stack.close();
  });

  describe("by docs/client.md", () => {
    let stack: TestStack;
    let blocks: Record<string, string>;
    before(async () => {
      stack = await startTestStack();
      const page = await readFile(join(projectFolder, "docs/client.md"), "utf8");
      const found = page.matchAll(/^```(html|tsx)\n(.*?)^```$/gms);
      blocks = Object.fromEntries(
        [...found].map(([, language = "", text = ""]) => [
          language,
          text
            .replace("http://127.0.0.1:3000/staging/", stack.httpUrl)
            .replace("ws://127.0.0.1:3001/staging", stack.websocketUrl),
        ]),
      );
    });
    after(() => stack.close());

    it("publishes and shows what is published, on the page that stands there", async () => {
      const reported = await inBrowser(`
        const frame = document.createElement("iframe");
        frame.srcdoc = ${JSON.stringify(blocks.html).replaceAll("</script>", "<\\/script>")};
        document.body.append(frame);
        await new Promise((resolve) => (frame.onload = resolve));
        const page = frame.contentDocument;
        const watch = (until) => new Promise((resolve) => {
          const look = () => until() && resolve();
          new MutationObserver(look).observe(page, { childList: true, subtree: true, characterData: true });
          look();
        });
        await watch(() => page.title === "News");
        page.querySelector("input").value = "from the form";
        page.querySelector("button").click();
        await watch(() => page.querySelector("li"));
        report(page.querySelector("li").textContent);
      `);
      assert.match(String(reported), /from the form$/);
    });

    it("shows a channel by React", async () => {
      const { outputFiles } = await build({
        stdin: {
          contents: `${blocks.tsx ?? ""}
            import { render } from "react-dom";
            import { createElement } from "react";
            const { connect } = await import("${stack.httpUrl}client.js");
            const channels = connect("${stack.websocketUrl}");
            const { subscribe } = channels;
            const subscribed = new Promise((resolve) => {
              channels.subscribe = (...args) => {
                const subscription = subscribe(...args);
                void subscription.ready.then(resolve);
                return subscription;
              };
            });
            render(createElement(ChannelsProvider, { value: channels }, createElement(News)), document.body);
            new MutationObserver(() => {
              const items = [...document.querySelectorAll("li")].map(({ textContent }) => textContent);
              if (items.length === 2) report(items);
            }).observe(document.body, { childList: true, subtree: true });
            await subscribed;
            await channels.publish("news", "one");
            await channels.publish("news", "two");`,
          ...{ loader: "tsx", resolveDir: projectFolder },
        },
        // The same API, for its users here.
        alias: { react: "preact/compat", "react-dom": "preact/compat" },
        ...{
          bundle: true,
          format: "esm",
          write: false,
          jsx: "automatic",
          jsxImportSource: "preact",
        },
      });
      const reported = await inBrowser(`
        globalThis.report = report;
        const script = document.createElement("script");
        script.type = "module";
        addEventListener("error", ({ message }) => report(message));
        addEventListener("unhandledrejection", ({ reason }) => report(String(reason)));
        script.textContent = ${JSON.stringify(outputFiles[0]?.text).replaceAll("</script", "<\\/script")};
        document.documentElement.append(script);
      `);
      assert.deepEqual(reported, ["one", "two"]);
    });
  });
});

import { text } from "node:stream/consumers";
import { close, hostOf, listen } from "../../local/shared/listen.ts";
import { startChromium } from "./chromium.ts";

/**
 * Runs the script of a module in a page of headless Chromium, and returns what it passes to `report`.
 * Rejects if the browser ends before.
 */
export async function inBrowser(script: string): Promise<unknown> {
  const server = await listen(0, "");
  const reported = new Promise<unknown>((resolve) => {
    server.on("request", (request, response) => {
      if (request.method === "POST") {
        void text(request).then((body) => {
          response.end();
          resolve(JSON.parse(body));
        });
      } else {
        response.setHeader("content-type", "text/html").end(page(script));
      }
    });
  });
  const browser = await startChromium(`http://${hostOf(server)}/`);
  try {
    return await Promise.race([reported, browser.failed]);
  } finally {
    await browser.end();
    await close(server);
  }
}

function page(script: string): string {
  return `<!doctype html><script type="module">
const report = (value) => fetch("/", { method: "POST", body: JSON.stringify(value) });
try {
${script}
} catch (error) {
  report(String(error));
}
</script>`;
}

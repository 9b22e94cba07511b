import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { close, hostOf, listen } from "../../local/shared/listen.ts";

const { CHROMIUM = "chromium" } = process.env;

/** Chromium reaches 127.0.0.1 only, and leaves nothing but the profile, which is removed. */
const options = [
  ...["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
  ...["--no-first-run", "--disable-background-networking", "--disable-component-update"],
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];

/**
 * Runs the script of a module in a page of headless Chromium, and returns what it passes to `report`.
 * Rejects if the browser ends before.
 */
export async function inBrowser(script: string): Promise<unknown> {
  const server = await listen(0, "");
  const profile = await mkdtemp(join(tmpdir(), "websocket-channels-"));
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
  const url = `http://${hostOf(server)}/`;
  const browser = spawn(CHROMIUM, [...options, `--user-data-dir=${profile}`, url], {
    stdio: ["ignore", "ignore", "pipe"],
    detached: true,
  });
  const said = text(browser.stderr);
  const exited = once(browser, "exit");
  try {
    const failed = exited.then(async () => {
      throw new Error(`${CHROMIUM} has ended: ${(await said).slice(-500)}`);
    });
    return await Promise.race([reported, failed]);
  } finally {
    // Chromium is several processes: the signal goes to the whole group.
    if (browser.pid !== undefined && browser.exitCode === null) process.kill(-browser.pid);
    await exited;
    await said;
    await close(server);
    await rm(profile, { recursive: true, force: true, maxRetries: 10 });
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

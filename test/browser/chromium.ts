import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { text } from "node:stream/consumers";

const { CHROMIUM = "chromium" } = process.env;

/** Chromium reaches 127.0.0.1 only, and leaves nothing but the profile, which is removed. */
const options = [
  ...["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
  ...["--no-first-run", "--disable-background-networking", "--disable-component-update"],
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];

export type Chromium = {
  /** Where the DevTools protocol is written to and read from, each message ended by a zero byte. */
  devTools: { input: Writable; output: Readable };
  /** Rejects if the browser ends before it is told to. */
  failed: Promise<never>;
  end(): Promise<void>;
};

/** Starts headless Chromium with a page, and a profile of its own. */
export async function startChromium(url: string, more: string[] = []): Promise<Chromium> {
  const profile = await mkdtemp(join(tmpdir(), "websocket-channels-"));
  const all = [...options, ...more, "--remote-debugging-pipe", `--user-data-dir=${profile}`, url];
  const browser = spawn(CHROMIUM, all, {
    stdio: ["ignore", "ignore", "pipe", "pipe", "pipe"],
    detached: true,
  });
  const [, , stderr, input, output] = browser.stdio as [null, null, Readable, Writable, Readable];
  // What is written as the browser ends.
  input.on("error", () => undefined);
  const said = text(stderr);
  const exited = once(browser, "exit");
  const failed = exited.then(async () => {
    throw new Error(`${CHROMIUM} has ended: ${(await said).slice(-500)}`);
  });
  failed.catch(() => undefined);
  return {
    devTools: { input, output },
    failed,
    async end() {
      // Chromium is several processes: the signal goes to the whole group.
      if (browser.pid !== undefined && browser.exitCode === null) process.kill(-browser.pid);
      await exited;
      await said;
      await rm(profile, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

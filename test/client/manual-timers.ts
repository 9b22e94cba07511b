import { build } from "esbuild";
import type * as Client from "../../client/index.ts";
import { fileURLToPath } from "node:url";

type Timer = { at: number; callback: (...args: unknown[]) => void; args: unknown[] };

/** Timers whose time passes only when a test says so. */
export class ManualTimers {
  #now = 0;
  readonly #timers = new Set<Timer>();

  readonly globals = {
    setTimeout: (callback: Timer["callback"], milliseconds: number, ...args: unknown[]) => {
      const timer = { at: this.#now + milliseconds, callback, args };
      this.#timers.add(timer);
      return timer;
    },
    clearTimeout: (timer: Timer) => {
      this.#timers.delete(timer);
    },
    Date: { now: () => this.#now, parse: (text: string) => Date.parse(text) },
  };

  /** The timers that are set. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Lets time pass, and calls what is due by then, each at its own time. */
  advance(milliseconds: number): void {
    const until = this.#now + milliseconds;
    for (;;) {
      const [next] = [...this.#timers].sort((one, other) => one.at - other.at);
      if (next === undefined || next.at > until) break;
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.callback(...next.args);
    }
    this.#now = until;
  }
}

/** Loads a module of the client with other timers than those of this process. */
export async function clientWith<Module = typeof Client>(
  timers: ManualTimers,
  entry = "index",
): Promise<Module> {
  const name = `timers${Math.random()}`;
  Object.assign(globalThis, { [name]: timers.globals });
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`../../client/${entry}.ts`, import.meta.url))],
    banner: {
      js: `const { setTimeout, clearTimeout, Date } = globalThis[${JSON.stringify(name)}];`,
    },
    ...{ bundle: true, format: "esm", write: false },
  });
  const source = encodeURIComponent(outputFiles[0]?.text ?? "");
  return (await import(`data:text/javascript,${source}`)) as Module;
}

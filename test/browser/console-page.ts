import { recordOf } from "../../local/shared/record.ts";
import { startChromium } from "./chromium.ts";
import { devToolsOf } from "./dev-tools.ts";

/** The console in a browser, for one who looks at it and presses its buttons. */
export type ConsolePage = {
  /** Resolves to the value of an expression in the page, once it is truthy. */
  until: <T = unknown>(expression: string) => Promise<T>;
  /** Presses a button, by its label or its text, within what a selector finds. */
  press: (name: string, within?: string) => Promise<void>;
  /** Fills a field, by its label or its text, within what a selector finds. */
  fill: (name: string, value: string, within?: string) => Promise<void>;
  /** Types a key, as in `Tab`. */
  key(key: string): Promise<void>;
  /** Shows the page in this scheme, and in this width and height of pixels. */
  show(view: { scheme: "light" | "dark"; width: number; height: number }): Promise<void>;
  /** Returns a PNG of what is in view. */
  picture(): Promise<Buffer>;
  /** What went wrong in the page: exceptions, and errors in its log. */
  errors: string[];
  close(): Promise<void>;
};

/** What the expressions use. A control is found by its label, its aria-label, its placeholder or its text. */
const helpers = `
const namesOf = (element) => [
  element.getAttribute("aria-label"),
  element.textContent,
  element.placeholder,
  ...[...(element.labels ?? [])].flatMap((label) =>
    [...label.childNodes].map((node) => (node === element ? "" : node.textContent)),
  ),
].map((name) => name?.trim());
const control = (name, within = "body") =>
  [...document.querySelectorAll("button,input,textarea,summary")]
    .filter((element) => element.closest(within) && !element.disabled)
    .find((element) => namesOf(element).includes(name));
const text = (within = "body") => document.querySelector(within)?.textContent ?? "";
`;

/** Opens a URL, and resolves when its page has been loaded. */
export async function openConsole(url: string): Promise<ConsolePage> {
  const browser = await startChromium("about:blank");
  const { send, onEvent } = await devToolsOf(browser);
  const errors: string[] = [];
  onEvent((method, params) => {
    if (method === "Runtime.exceptionThrown") errors.push(JSON.stringify(params.exceptionDetails));
    if (method !== "Log.entryAdded") return;
    const { level, text, url: place } = recordOf(params.entry);
    // The page shows itself what the stack refuses.
    const isRefusal = String(place).startsWith(`${url}api/`);
    if (level === "error" && !isRefusal) errors.push(`${String(text)} ${String(place)}`);
  });
  await Promise.all(["Runtime.enable", "Log.enable", "Page.enable"].map((method) => send(method)));
  const loaded = new Promise<void>((resolve) => {
    onEvent((method) => {
      if (method === "Page.loadEventFired") resolve();
    });
  });
  await send("Page.navigate", { url });
  await Promise.race([loaded, browser.failed]);

  /** Evaluates a body of a function; `awaitPromise` has it wait for what this returns. */
  async function evaluate(body: string): Promise<unknown> {
    const expression = `(() => { ${helpers} ${body} })()`;
    const params = { expression, awaitPromise: true, returnByValue: true, userGesture: true };
    const { result, exceptionDetails } = await send("Runtime.evaluate", params);
    if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
    return recordOf(result).value;
  }

  const until = (expression: string) =>
    evaluate(`
      const look = () => (${expression});
      return look() || new Promise((resolve) => {
        const observer = new MutationObserver(() => {
          const value = look();
          if (!value) return;
          observer.disconnect();
          resolve(value);
        });
        const all = { subtree: true, childList: true, attributes: true, characterData: true };
        observer.observe(document, all);
      });`);

  async function find(name: string, within = "body"): Promise<string> {
    const found = `control(${JSON.stringify(name)}, ${JSON.stringify(within)})`;
    await until(`!!${found}`);
    return found;
  }

  return {
    until: async <T>(expression: string) => (await until(expression)) as T,
    async press(name, within) {
      await evaluate(`${await find(name, within)}.click()`);
    },
    async fill(name, value, within) {
      await evaluate(`
        const field = ${await find(name, within)};
        field.value = ${JSON.stringify(value)};
        for (const type of ["input", "change"]) field.dispatchEvent(new Event(type, { bubbles: true }));`);
    },
    async key(key) {
      const code = { Tab: 9, Enter: 13 }[key] ?? 0;
      const params = { key, code: key, windowsVirtualKeyCode: code };
      const typed = key === "Enter" ? { text: "\r" } : {};
      await send("Input.dispatchKeyEvent", { type: "keyDown", ...params, ...typed });
      await send("Input.dispatchKeyEvent", { type: "keyUp", ...params });
    },
    async show({ scheme, width, height }) {
      const features = [{ name: "prefers-color-scheme", value: scheme }];
      await send("Emulation.setEmulatedMedia", { features });
      const metrics = { width, height, deviceScaleFactor: 1, mobile: false };
      await send("Emulation.setDeviceMetricsOverride", metrics);
      await send("Emulation.setScrollbarsHidden", { hidden: true });
    },
    async picture() {
      const { data } = await send("Page.captureScreenshot", { format: "png" });
      return Buffer.from(String(data), "base64");
    },
    errors,
    close: () => browser.end(),
  };
}

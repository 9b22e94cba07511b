import { recordOf } from "../../local/shared/record.ts";
import type { Chromium } from "./chromium.ts";

/** A session of the DevTools protocol with one page: https://chromedevtools.github.io/devtools-protocol/ */
export type DevTools = {
  /** Rejects with what the browser says where it cannot. */
  send: (method: string, params?: Record<string, unknown>) => Promise<Record<string, unknown>>;
  /** Calls back for each event of the page. */
  onEvent: (listener: (method: string, params: Record<string, unknown>) => void) => void;
};

type Message = {
  id?: number;
  method?: string;
  params?: unknown;
  result?: unknown;
  error?: { message: string };
};

/** Attaches to the one page of a browser. */
export async function devToolsOf({ devTools, failed }: Chromium): Promise<DevTools> {
  const { input, output } = devTools;
  const listeners = new Set<(method: string, params: Record<string, unknown>) => void>();
  const waiting = new Map<number, (message: Message) => void>();
  let id = 0;
  /** That with the page, once there is one. */
  const session: { sessionId?: string } = {};

  let left = "";
  output.setEncoding("utf8").on("data", (chunk: string) => {
    const parts = (left + chunk).split("\0");
    left = parts.pop() ?? "";
    for (const part of parts) take(JSON.parse(part) as Message);
  });

  function take(message: Message): void {
    if (message.id !== undefined) waiting.get(message.id)?.(message);
    else for (const one of listeners) one(message.method ?? "", recordOf(message.params));
  }

  async function send(method: string, params: Record<string, unknown> = {}) {
    const number = ++id;
    const answered = new Promise<Message>((resolve) => waiting.set(number, resolve));
    const message = { id: number, method, params, ...session };
    input.write(`${JSON.stringify(message)}\0`);
    const { error, result } = await Promise.race([answered, failed]);
    waiting.delete(number);
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return recordOf(result);
  }

  const { targetInfos } = await send("Target.getTargets");
  const targets = targetInfos as { type: string; targetId: string }[];
  const targetId = targets.find(({ type }) => type === "page")?.targetId;
  const attached = await send("Target.attachToTarget", { targetId, flatten: true });
  session.sessionId = String(attached.sessionId);
  return { send, onEvent: (listener) => listeners.add(listener) };
}

import { setTimeout as sleep } from "node:timers/promises";
import { between, pick, weighted, type Chance } from "./chances.ts";
import type { Draft } from "./message.ts";
import type { Model } from "./model.ts";
import type { Profile } from "./profile.ts";
import { newMessage } from "./publishing.ts";
import type { MessageRecord } from "./records.ts";
import type { Requests } from "./requests.ts";
import { channelOf, draftOf } from "./script.ts";

export type HttpStep =
  | { kind: "publish"; channel: string; draft: Draft }
  /** Publishes with a key of its own, so many times at once, and once more later with the next `repeat`. */
  | { kind: "publish with a key"; channel: string; draft: Draft; times: number }
  | { kind: "repeat" }
  | { kind: "read" | "list"; channel: string; limit: number }
  | { kind: "show" | "direct" | "delete"; client: string; draft: Draft };

/** What one back end does, each step after a pause of so many milliseconds. */
export function httpScript(
  chance: Chance,
  profile: Profile,
  { steps, lives }: { steps: number; lives: number },
): { pause: number; step: HttpStep }[] {
  const one = (): HttpStep => {
    const channel = channelOf(chance);
    const draft = draftOf(chance, chance() < 0.1 ? 60_000 : 8_000, true);
    const times = profile.isRacy ? pick(chance, [1, 2, 3]) : 1;
    const client = `c${between(chance, 1, lives)}.${between(chance, 1, 4)}`;
    const limit = pick(chance, [1, 3, 20, 1_000]);
    return weighted<HttpStep>(chance, [
      [{ kind: "publish", channel, draft }, 8],
      [{ kind: "publish with a key", channel, draft, times }, 3],
      [{ kind: "repeat" }, 2],
      [{ kind: "read", channel, limit }, 1],
      [{ kind: "list", channel, limit }, 1],
      [{ kind: "show", client, draft }, 2],
      [{ kind: "direct", client, draft }, 2],
      [{ kind: "delete", client, draft }, 0.5],
    ]);
  };
  return Array.from({ length: steps }, () => ({ pause: between(chance, 0, 250), step: one() }));
}

export async function liveAsBackEnd(
  name: string,
  script: ReturnType<typeof httpScript>,
  {
    model,
    requests,
    count,
  }: { model: Model; requests: Requests; count: (operation: string) => void },
): Promise<void> {
  const keyed: { message: MessageRecord; key: string }[] = [];
  for (const { pause, step } of script) {
    await sleep(pause);
    count(`HTTP ${step.kind}`);
    switch (step.kind) {
      case "publish":
        await requests.publish(name, newMessage(model, step.channel, step.draft));
        break;
      case "publish with a key": {
        const message = newMessage(model, step.channel, step.draft);
        const key = `${name}-${keyed.length}`;
        keyed.push({ message, key });
        const tries = Array.from({ length: step.times }, () =>
          requests.publish(name, message, key),
        );
        await Promise.all(tries);
        break;
      }
      case "repeat": {
        const last = keyed.at(-1);
        if (last !== undefined) await requests.publish(name, last.message, last.key);
        break;
      }
      case "read":
        await requests.read(name, step.channel, step.limit);
        break;
      case "list":
        await requests.list(step.channel, step.limit);
        break;
      default:
        // Of one that is still connecting only those ask who peek.
        if (model.clients.get(step.client)?.openedAt === undefined) break;
        await requests.about(step.kind, step.client, step.draft);
    }
  }
}

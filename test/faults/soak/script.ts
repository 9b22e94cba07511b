import { between, pick, weighted, type Chance } from "./chances.ts";
import type { Draft } from "./message.ts";
import type { Profile } from "./profile.ts";
import type { Protocol } from "./records.ts";

/** What a client's `since` says: where it is, from the very first, of no channel, ahead of all. */
export type SinceMode = "last" | "null" | "stale" | "future";

export type Ask =
  | { action: "subscribe"; channel: string; since: SinceMode | undefined }
  | { action: "unsubscribe"; channel: string }
  | { action: "publish"; channel: string; draft: Draft }
  | { action: "ping" }
  | { action: "echo" };

/** Frames that are sent without waiting in between. */
type AskStep = { kind: "ask"; asks: Ask[] };

export type Leave = "close" | "cut" | "cut in a frame";

/** The client leaves so many milliseconds after it has asked, and does not wait for the answer. */
export type While = { channel: string; milliseconds: number };

export type Peek = { kind: "show" | "direct" | "delete" | "list"; afterTableRequests: number };

export type Step =
  | {
      kind: "connect";
      protocol: Protocol;
      channels: string[];
      /** Milliseconds until the client goes away, whether it is connected or not. */
      patience: number | undefined;
      peek: Peek | undefined;
    }
  | AskStep
  | { kind: "read"; channel: string; limit: number }
  | { kind: "leave"; how: Leave; whileSubscribing: While | undefined }
  | { kind: "pause"; milliseconds: number };

const hotChannels = ["test", "news", "sport", "a.b:c-d_e"];
const coolChannels = ["c0", "c1", "c2", "c3", "c4", "c5"];
const bulkChannels = Array.from({ length: 100 }, (_, index) => `bulk-${index}`);

export function channelOf(chance: Chance): string {
  return pick(chance, chance() < 0.75 ? hotChannels : coolChannels);
}

/** The life of one client: it connects a few times, and stays or leaves at the end. */
export function clientScript(chance: Chance, profile: Profile): Step[] {
  const steps: Step[] = [{ kind: "pause", milliseconds: between(chance, 0, 1_500) }];
  const protocol = chance() < 0.7 ? "channels.v1" : "plain";
  const connections = between(chance, 1, 4);
  const isBusy = chance() < 0.7;
  for (let count = 1; count <= connections; count++) {
    steps.push(connectStep(chance, profile, protocol));
    if (count > 1) steps.push(askStep([resume(chance, channelOf(chance))]));
    const actions = isBusy ? between(chance, 2, 12) : 1;
    for (let action = 0; action < actions; action++) {
      steps.push(...actionSteps(chance, profile));
      steps.push({ kind: "pause", milliseconds: between(chance, 0, 150) });
    }
    // Where frames about one channel were last sent together, the rows show whether they agree.
    if (profile.isRacy) {
      const channel = channelOf(chance);
      steps.push(askStep(chance() < 0.5 ? together(channel) : together(channel).reverse()));
    }
    if (count < connections || chance() < 0.4) steps.push(leaveStep(chance, profile));
  }
  return steps;
}

function connectStep(chance: Chance, profile: Profile, protocol: Protocol): Step {
  const count = weighted(chance, [
    [0, 3],
    [1, 4],
    [3, 3],
    [40, 0.3],
    [bulkChannels.length, 0.1],
  ]);
  const named = count > 3 ? bulkChannels.slice(0, count) : [];
  for (let at = named.length; at < count; at++) named.push(channelOf(chance));
  const isPeeked = chance() < profile.peeks;
  const kind = pick(chance, ["show", "direct", "delete", "list", "show"] as const);
  const peek = { kind, afterTableRequests: between(chance, 0, 4) };
  const isImpatient = profile.isCut && chance() < 0.15;
  const patience = between(chance, 0, 120);
  return {
    ...{ kind: "connect", protocol, channels: [...new Set(named)] },
    ...{ patience: isImpatient ? patience : undefined, peek: isPeeked ? peek : undefined },
  };
}

function actionSteps(chance: Chance, { isRacy }: Profile): Step[] {
  const channel = channelOf(chance);
  const [subscribe, unsubscribe] = together(channel);
  const publish: Ask = { action: "publish", channel, draft: draftOf(chance, 8_000, false) };
  const both = chance() < 0.5 ? [subscribe, unsubscribe] : [unsubscribe, subscribe];
  const step = weighted<() => Step>(chance, [
    [() => askStep([subscribe]), 4],
    [() => askStep([unsubscribe]), 3],
    [() => askStep([resume(chance, channel)]), 2],
    [() => askStep([publish]), 4],
    [() => askStep([{ action: "ping" }]), 0.5],
    [() => askStep([{ action: "echo" }]), 0.5],
    [() => ({ kind: "read", channel, limit: pick(chance, [1, 3, 20, 1_000]) }), 1],
    [() => askStep(both), isRacy ? 4 : 0],
    [() => askStep([...both, resume(chance, channel), publish]), isRacy ? 2 : 0],
    [() => askStep([subscribe, subscribe]), isRacy ? 1 : 0],
  ]);
  return [step()];
}

function together(channel: string): [Ask, Ask] {
  return [
    { action: "subscribe", channel, since: undefined },
    { action: "unsubscribe", channel },
  ];
}

function resume(chance: Chance, channel: string): Ask {
  const since = weighted<SinceMode>(chance, [
    ["last", 8],
    ["null", 1],
    ["stale", 1],
    ["future", 0.5],
  ]);
  return { action: "subscribe", channel, since };
}

function askStep(asks: Ask[]): AskStep {
  return { kind: "ask", asks };
}

function leaveStep(chance: Chance, { isCut, isRacy }: Profile): Step {
  const how = isCut ? pick<Leave>(chance, ["close", "cut", "cut in a frame"]) : "close";
  const whileSubscribing = { channel: channelOf(chance), milliseconds: between(chance, 0, 40) };
  const isBusy = (isCut || isRacy) && chance() < 0.3;
  return { kind: "leave", how, whileSubscribing: isBusy ? whileSubscribing : undefined };
}

/** A content of up to so many bytes, mostly short. */
export function draftOf(chance: Chance, most: number, isSpaced: boolean): Draft {
  const isJson = chance() < 0.4;
  const length = chance() < 0.9 ? between(chance, 0, 40) : between(chance, 0, most);
  const letter = pick(chance, ["x", "\\", '"', "é", "\u{1f600}", "\n"]);
  const size = Buffer.byteLength(JSON.stringify(letter)) - 2;
  return { filler: letter.repeat(Math.floor(length / size)), isJson, isSpaced };
}

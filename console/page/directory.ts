import { signal } from "@preact/signals";
import { parseExactly } from "./exact-json.ts";
import { callStack, wordsOf, type Answer } from "./requests.ts";
import { channelNames } from "./state.ts";
import type { Member } from "./watches.ts";

/** A connection of the chosen channel, as it is listed. */
export type Listed = { connectionId: string; connectedAt: string; protocol: string };

/** A message that is kept. */
export type Kept = { id: string; data: unknown; time: string };

/** Who is on a channel, as the stack answers; of too many `connections` and `limited` alone. */
export type Present = {
  connections: number;
  total?: number;
  members?: ListedMember[];
  cursor?: string | null;
  limited?: boolean;
};

export type ListedMember = Member & { connections: number };

/** What is listed of one channel. */
export type Chosen = {
  channel: string;
  connections: Listed[];
  /** Undefined where the stack does not tell. */
  present: Present | undefined;
  /** The latest first. */
  messages: Kept[];
  /** Whether there are more connections, or more messages. */
  hasMoreConnections: boolean;
  hasMoreMessages: boolean;
};

export const chosen = signal<Chosen | undefined>(undefined);
/** The chosen connection's details, as the stack answers. */
export const details = signal<Record<string, unknown> | undefined>(undefined);
/** What the last request came to, where there is something to say. */
export const notice = signal<string | undefined>(undefined);

const inPath = encodeURIComponent;

export async function listChannels(): Promise<void> {
  const answer = await callStack("GET", "channels?limit=1000");
  if (isRefused(answer)) return;
  channelNames.value = listOf<string>(answer, "channels");
  if (chosen.value !== undefined) await choose(chosen.value.channel);
}

export async function choose(channel: string): Promise<void> {
  const [connections, history, members] = await Promise.all([
    callStack("GET", `channels/${inPath(channel)}/connections`),
    callStack("GET", `channels/${inPath(channel)}/messages?limit=1000`),
    callStack("GET", `channels/${inPath(channel)}/members?limit=1000`),
  ]);
  if (isRefused(connections) || isRefused(history)) return;
  chosen.value = {
    channel,
    connections: listOf<Listed>(connections, "connections"),
    // A token may list connections and may not see members: then the notice says so.
    present: isRefused(members) ? undefined : (members.value as Present | undefined),
    messages: (parseExactly(history.text) as { messages: Kept[] }).messages.reverse(),
    hasMoreConnections: connections.value?.cursor !== null,
    hasMoreMessages: history.value?.more === true,
  };
}

export async function show(connectionId: string): Promise<void> {
  const answer = await callStack("GET", `connections/${inPath(connectionId)}`);
  details.value = isRefused(answer) ? undefined : answer.value;
}

export async function sendTo(connectionId: string, text: string): Promise<void> {
  const path = `connections/${inPath(connectionId)}`;
  const answer = await callStack("POST", path, { text, isJson: false });
  if (!isRefused(answer)) notice.value = `Sent to ${connectionId}`;
}

export async function closeConnection(connectionId: string): Promise<void> {
  const answer = await callStack("DELETE", `connections/${inPath(connectionId)}`);
  if (isRefused(answer)) return;
  details.value = undefined;
  await listChannels();
  notice.value = `Closed ${connectionId}`;
}

function isRefused(answer: Answer): boolean {
  const isDone = answer.status >= 200 && answer.status < 300;
  notice.value = isDone ? undefined : wordsOf(answer);
  return !isDone;
}

function listOf<T>({ value }: Answer, name: string): T[] {
  const list = value?.[name];
  return Array.isArray(list) ? (list as T[]) : [];
}

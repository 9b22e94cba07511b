import { signal } from "@preact/signals";
import type { HandshakeRequest, StackInfo } from "../api.ts";
import { connect, type Client } from "./client.ts";
import { ask, callStack } from "./requests.ts";

/** What all parts of the page share. */
export const stack = signal<StackInfo | undefined>(undefined);
export const defaultChannel = signal("test");
export const clients = signal<readonly Client[]>([]);
/** The channels as they were last listed. */
export const channelNames = signal<readonly string[]>([]);
/** Why the page has no stack. */
export const failure = signal<string | undefined>(undefined);

let number = 0;

export function addClient(asked: HandshakeRequest): void {
  clients.value = [...clients.value, connect(++number, asked, defaultChannel.value)];
}

export function removeClient(client: Client): void {
  client.disconnect();
  clients.value = clients.value.filter((one) => one !== client);
}

/** Learns which stack this is. */
export async function loadStack(): Promise<void> {
  try {
    const info = await ask<StackInfo>("/api/stack");
    const { value } = await callStack("GET", "");
    if (typeof value?.defaultChannel === "string") defaultChannel.value = value.defaultChannel;
    document.title = `Console: ${info.name}`;
    stack.value = info;
  } catch (error) {
    failure.value = error instanceof Error ? error.message : String(error);
  }
}

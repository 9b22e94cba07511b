import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { Table } from "../aws/table.ts";
import type { Member } from "../protocol/presence.ts";
import { findItem, memberKey } from "./keys.ts";

/** A member as its item has it. */
export type StoredMember = Member & {
  channel: string;
  /** The ids of its connections; empty while it may come back. */
  connectionIds: string[];
  isHere: boolean;
  /** Whether its watchers have been told that it is here. */
  isToldHere: boolean;
  revision: number;
  /** Milliseconds since the epoch. */
  changedAt: number;
};

/** One connection of a member, in a channel. */
export type Place = { channel: string; connectionId: string; member: Member };

export async function findMember(
  table: Table,
  channel: string,
  name: string,
): Promise<StoredMember | undefined> {
  const item = await findItem(table, memberKey(channel, name));
  return item && toMember(channel, name, item);
}

export function toMember(
  channel: string,
  name: string,
  item: Record<string, AttributeValue>,
): StoredMember {
  return {
    ...{ channel, name, info: item.info?.S, connectionIds: item.connections?.SS ?? [] },
    isHere: item.isHere?.BOOL ?? false,
    isToldHere: item.isToldHere?.BOOL ?? false,
    revision: Number(item.revision?.N ?? 0),
    changedAt: Number(item.changedAt?.N ?? 0),
  };
}

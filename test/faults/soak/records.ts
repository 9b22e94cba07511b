import type { Membership } from "./membership.ts";
import type { Content } from "./message.ts";

// What has been seen from outside. Every `at` is a moment of the model's own clock, which counts what
// happened: what was seen before something else has the smaller number.

export type Protocol = "plain" | "channels.v1";

/** One connection, from its handshake on. */
export type ClientRecord = {
  name: string;
  protocol: Protocol;
  /** Undefined while it is connecting, and where the handshake was refused. */
  openedAt: number | undefined;
  /** From when on nothing is certain of it any more; clean where both sides have sent a close frame. */
  ended: { at: number; isClean: boolean } | undefined;
  /** The code of a close that the client has not asked for. */
  closedWith: number | undefined;
  memberships: Map<string, Membership>;
  got: Got[];
  subscribed: SubscribedRecord[];
  /** Codes of the errors that it was told; `no answer` where it was told nothing at all. */
  errors: { at: number; code: string }[];
};

/** A message, or what was sent to the client alone. */
export type Got = {
  at: number;
  serial: number;
  mark: "m" | "d";
  /** Undefined for a plain client, which is not told. */
  id: string | undefined;
  channel: string | undefined;
  isAsSent: boolean;
};

/** A `subscribed` and the `since` of its `subscribe`. */
export type SubscribedRecord = {
  at: number;
  channel: string;
  since: string | null | undefined;
  last: string | null;
  recovered: boolean | undefined;
};

/** What somebody wants a channel to get: once, or as often as it is tried with one key. */
export type MessageRecord = {
  serial: number;
  channel: string;
  content: Content;
  attempts: Attempt[];
};

export type Attempt = {
  beganAt: number;
  answeredAt: number | undefined;
  /** Undefined without an answer, and after one that says nothing of what was done. */
  answer: { text: string; id: string; mayBeQueued: boolean } | undefined;
  /** It was said that nothing was done. */
  isRefused: boolean;
};

/** The history of a channel, read page by page. */
export type Reading = {
  reader: string;
  channel: string;
  /** Where it began: after this id, or at the oldest. */
  since: string | undefined;
  /** In the order of the pages. */
  entries: { id: string; serial: number }[];
  /** When the last page was asked for. */
  lastAskedAt: number;
  /** False where the last page was empty, and said that there is more: a message is being published. */
  isWhole: boolean;
};

/** Who is on a channel, read page by page to the end. */
export type Listing = { channel: string; from: number; to: number; connectionIds: string[] };

/** A request about one client. */
export type Asked = {
  kind: "show" | "direct" | "delete";
  client: string;
  from: number;
  to: number;
  /** 0 without an answer. */
  status: number;
  /** What `show` says. */
  channels?: string[] | undefined;
  /** What `direct` sends. */
  serial?: number | undefined;
};

/** What is wrong: the client has missed a message, was told what is not so, or left rows behind. */
export type Violation = {
  kind: "deaf" | "false" | "left" | "lost";
  /** The rule in a few words. */
  rule: string;
  /** Whom to read about in the diary. */
  subjects: string[];
  text: string;
  /** The channel that it is about, and the moment when it showed. */
  channel?: string | undefined;
  at?: number | undefined;
};

/** What a round does beside the ordinary, and what goes wrong in it. Shares are from 0 to 1. */
export type Profile = {
  name: string;
  /** Frames about one channel are sent together, and requests with one key as well. */
  isRacy: boolean;
  /** Connections are cut, in handshakes and frames too. */
  isCut: boolean;
  /** Connects at which somebody asks about the client before its handshake is answered. */
  peeks: number;
  /** Connects whose last write to the table is answered a second or two late. */
  slowConnects: number;
  /** Of ends of connections. */
  lostDisconnects: number;
  /** Of the events of the functions. */
  lostInstances: number;
  /** Of the posts to connections. */
  posts: { 429: number; 500: number; hang: number };
  /** Of the requests to the table: `errorAfter` says that it failed although it was done. */
  table: { throttle: number; error: number; errorAfter: number; errorAlways: number };
  /** Milliseconds that a request to the table takes longer, at most. */
  slowTable: number;
  /** Items that a page of a Query holds, beside 1 MB: with few of them a channel grows. */
  pageItems: number | undefined;
  inlineRecipients: number;
  historySeconds: number;
};

const calm: Profile = {
  name: "calm",
  isRacy: false,
  isCut: false,
  peeks: 0,
  slowConnects: 0,
  lostDisconnects: 0,
  lostInstances: 0,
  posts: { 429: 0, 500: 0, hang: 0 },
  table: { throttle: 0, error: 0, errorAfter: 0, errorAlways: 0 },
  slowTable: 0,
  pageItems: undefined,
  inlineRecipients: 1_000,
  // Longer than a round takes, with all that its clock is put forward.
  historySeconds: 3_600,
};

const cuts = { isCut: true, lostDisconnects: 0.3 };
const races = { isRacy: true, slowTable: 25 };
const connecting = { peeks: 0.4, slowConnects: 0.3 };
const growth = { pageItems: 5, inlineRecipients: 4 };
const posts = { posts: { 429: 0.1, 500: 0.03, hang: 0.01 }, inlineRecipients: 6 };
const table = { table: { throttle: 0.03, error: 0.02, errorAfter: 0.03, errorAlways: 0.004 } };
const instances = { lostInstances: 0.03 };

export const profiles: readonly Profile[] = [
  calm,
  { ...calm, name: "queue", inlineRecipients: 3 },
  { ...calm, name: "cuts", ...cuts },
  { ...calm, name: "races", ...races },
  { ...calm, name: "connecting", ...connecting },
  { ...calm, name: "growth", ...growth, slowTable: 5 },
  { ...calm, name: "posts", ...posts },
  { ...calm, name: "table", ...table },
  { ...calm, name: "instances", ...instances },
  { ...calm, name: "short-history", ...cuts, historySeconds: 1 },
  {
    ...{ ...calm, name: "all" },
    ...{ ...cuts, ...races, ...connecting, ...growth, ...posts, ...table, ...instances },
  },
];

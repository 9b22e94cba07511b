/** Whom a connection belongs to: who is on a channel is told by member. */
export type Member = {
  name: string;
  /** What everybody may know of it, as JSON. */
  info?: string | undefined;
};

/**
 * The channel of those who watch who is on a channel. No client can name it: the name of a client's channel
 * begins with a letter or a digit.
 */
export function watchersOf(channel: string): string {
  return `!${channel}`;
}

export function isWatchers(channel: string): boolean {
  return channel.startsWith("!");
}

/** What watchers are told of a member. */
export type Turn = Member & {
  type: "joined" | "left";
  channel: string;
  /** Grows with each change of the member's connections: of two frames the one with the higher is later. */
  revision: number;
};

/** The frame of a turn, for clients of both protocols. */
export function turnFrame({ type, channel, name, info, revision }: Turn): string {
  const member = JSON.stringify(name);
  return `{"type":"${type}","channel":"${channel}","member":${member}${infoMember(info)},"revision":${revision}}`;
}

/** What watchers are told of a channel that has more members than are told: from now on there are counts only. */
export function limitedFrame(channel: string): string {
  return `{"type":"limited","channel":"${channel}"}`;
}

/** The member `info` of a JSON object, as it was written. */
export function infoMember(info: string | undefined): string {
  return info === undefined ? "" : `,"info":${info}`;
}

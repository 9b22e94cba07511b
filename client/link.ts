import { deferred } from "./deferred.ts";
import { ChannelsError, type Frame, type Socket } from "./types.ts";

/** One connection. */
export type Link = {
  /** Resolves with whether it has opened. */
  opened: Promise<boolean>;
  /** Resolves when it is over, whoever has ended it. */
  over: Promise<unknown>;
  isOpen(): boolean;
  /**
   * Sends a frame, and resolves with its reply. Rejects with the ChannelsError that the reply has, with
   * `failed` where API Gateway has answered instead, and with `lost` where the connection is over.
   */
  request(frame: object, milliseconds?: number): Promise<Frame>;
  /** Does one thing after the other: a connection resumes one channel at a time. */
  inTurn(act: () => Promise<unknown>): Promise<unknown>;
  /** Ends it where a ping gets no reply. */
  check(): void;
  /** Ends it once every request has its reply. */
  close(): void;
};

/** Milliseconds for a reply or a handshake: the function has 29,000 for it. */
const patience = 35_000;

/** Milliseconds for the reply to a ping, which has nothing to wait for. */
const pongPatience = 10_000;

export function openLink(
  socket: Socket,
  pingMilliseconds: number,
  onMessage: (frame: Frame) => void,
): Link {
  const pending = new Map<string, (reply: Frame) => void>();
  let refs = 0;
  let isOver = false;
  let isClosing = false;
  let timer: unknown;
  const opened = deferred<boolean>();
  const over = deferred();
  let turn: Promise<unknown> = opened.promise;

  const answer = (reply: Frame) => {
    for (const settle of [...pending.values()]) settle(reply);
  };
  // The socket of a network that is gone stays open for minutes: it is over when we say so.
  const end = () => {
    isOver = true;
    clearTimeout(timer as number);
    answer({ code: "lost", message: "Not connected." });
    opened.resolve(false);
    over.resolve();
    socket.close();
  };
  const wait = (act: () => void, milliseconds: number) => {
    clearTimeout(timer as number);
    if (!isOver) timer = setTimeout(act, milliseconds);
  };
  const isOpen = () => !isOver && socket.readyState === 1;
  const request = (frame: object, milliseconds = patience) =>
    new Promise<Frame>((resolve, reject) => {
      const ref = String(++refs);
      const deadline = setTimeout(end, milliseconds);
      pending.set(ref, (reply) => {
        clearTimeout(deadline);
        pending.delete(ref);
        if (reply.type && reply.type !== "error") resolve(reply);
        else reject(new ChannelsError(reply.code ?? "failed", reply.message));
        // The stack has no connection of this kind any more: it is open, and deaf.
        if ((isClosing && !pending.size) || reply.code === "unknown-connection") end();
      });
      if (isOpen()) socket.send(JSON.stringify({ ...frame, ref }));
      else end();
    });
  const check = () => {
    if (isOpen()) request({ action: "ping" }, pongPatience).catch(() => undefined);
  };

  wait(end, patience);
  socket.onopen = () => {
    wait(check, pingMilliseconds);
    opened.resolve(true);
  };
  // `ws` throws where nobody hears it; `onclose` follows.
  socket.onerror = () => undefined;
  socket.onclose = end;
  socket.onmessage = ({ data }: { data: string }) => {
    if (isOver) return;
    if (!isClosing) wait(check, pingMilliseconds);
    const frame = JSON.parse(data) as Frame;
    if (frame.ref) pending.get(frame.ref)?.(frame);
    else if (frame.type) onMessage(frame);
    // API Gateway does not say whose answer this is.
    else answer(frame);
  };

  return {
    opened: opened.promise,
    over: over.promise,
    isOpen,
    request,
    inTurn: (act) => (turn = turn.then(act)),
    check,
    close() {
      isClosing = true;
      if (pending.size) wait(end, patience);
      else end();
    },
  };
}

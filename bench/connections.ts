import { fork } from "node:child_process";
import { once } from "node:events";
import type { AddressInfo } from "node:net";

/** A stand-in for @connections, in a process of its own. */
export type Connections = {
  /** `http://127.0.0.1:<port>/bench`. */
  endpoint: string;
  /** Returns which connections were posted to since the last call. */
  take(): Promise<Posted>;
  close(): Promise<void>;
};

export type Posted = {
  connections: number;
  /** Connections that got one post and no second one. */
  once: number;
};

/** Starts a server that answers each post with 200 after so many milliseconds. */
export async function startConnections(milliseconds: number): Promise<Connections> {
  const server = fork(new URL("connections-server.ts", import.meta.url), [String(milliseconds)]);
  const [{ port }] = (await once(server, "message")) as [AddressInfo];
  return {
    endpoint: `http://127.0.0.1:${port}/bench`,
    async take() {
      server.send("take");
      const [posted] = (await once(server, "message")) as [Posted];
      return posted;
    },
    async close() {
      const exited = once(server, "exit");
      server.disconnect();
      await exited;
    },
  };
}

import type { IncomingMessage, Server } from "node:http";
import type { Socket } from "node:net";
import type { Clock, Timer } from "../shared/clock.ts";

/** Milliseconds from a TCP connection to its first complete request. AWS's number is unknown. */
const maxHandshakeMilliseconds = 10_000;

/** Cuts off each new connection that sends no complete request in time. `close` ends this. */
export function limitHandshakes(server: Server, clock: Clock): { close: () => void } {
  const timers = new Map<Socket, Timer>();

  const end = (socket: Socket) => {
    timers.get(socket)?.cancel();
    timers.delete(socket);
  };
  const onConnection = (socket: Socket) => {
    const timer = clock.after(maxHandshakeMilliseconds, () => {
      timers.delete(socket);
      socket.destroy();
    });
    timers.set(socket, timer);
    socket.once("close", () => {
      end(socket);
    });
  };
  const onRequest = ({ socket }: IncomingMessage) => {
    end(socket);
  };
  server.on("connection", onConnection);
  server.on("upgrade", onRequest);
  server.on("request", onRequest);

  return {
    close: () => {
      server.off("connection", onConnection);
      server.off("upgrade", onRequest);
      server.off("request", onRequest);
      for (const socket of [...timers.keys()]) end(socket);
    },
  };
}

import { createServer, type Server } from "node:http";
import { StartError } from "./start-error.ts";

/**
 * Starts a server on 127.0.0.1, which has no listener for requests yet. Port 0 takes a free port.
 * Throws a StartError that names the option to change if the port cannot be used.
 */
export async function listen(port: number, option: string): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(
        error.code === "EADDRINUSE"
          ? new StartError(`Port ${port} is in use: choose another with ${option}.`)
          : new StartError(`Port ${port} cannot be used (${error.message}): change ${option}.`),
      );
    });
    server.listen(port, "127.0.0.1", resolve);
  });
  return server;
}

/** Returns where a server listens, as in `127.0.0.1:3000`. */
export function hostOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return `${address.address}:${address.port}`;
}

/** Ends the server and every connection that it still has. */
export async function close(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}

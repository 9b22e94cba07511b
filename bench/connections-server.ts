/**
 * A process of its own that answers posts to connections, each after the milliseconds that it is
 * started with, and counts them: its CPU is not that of the process that posts. It ends with its parent.
 */
import { once } from "node:events";
import { createServer } from "node:http";

const milliseconds = Number(process.argv[2]);

/** How often each connection was posted to since the counts were last taken. */
let posts = new Map<string, number>();

const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
  const id = request.url?.split("/").at(-1) ?? "";
  posts.set(id, (posts.get(id) ?? 0) + 1);
  request.resume();
  if (milliseconds === 0) response.end();
  else setTimeout(() => response.end(), milliseconds);
});
server.listen(0, "127.0.0.1");
await once(server, "listening");

process.on("message", () => {
  const counts = [...posts.values()];
  posts = new Map();
  process.send?.({
    connections: counts.length,
    once: counts.filter((count) => count === 1).length,
  });
});
process.on("disconnect", () => process.exit());
process.send?.(server.address());

/**
 * The clients of `sockets.ts`, in a process of their own: connect, publish one message after another,
 * each when every client has the one before, and send the parent what arrived and how late.
 */
import { once } from "node:events";
import pMap from "p-map";
import { WebSocket } from "ws";

export type Task = { websocketUrl: string; httpUrl: string; clients: number; messages: number };
export type Report =
  { type: "progress"; text: string } | { type: "done"; arrived: number; milliseconds: number[] };

/** Milliseconds without an arrival after which the missing messages are lost. */
const lostMilliseconds = 30_000;

process.on("disconnect", () => process.exit());
const [task] = (await once(process, "message")) as [Task];
report({ type: "done", ...(await run(task)) });

async function run({ websocketUrl, httpUrl, clients, messages }: Task) {
  const milliseconds: number[] = [];
  const seen = new Set<string>();
  let publishedAt = 0;
  let onArrival: (() => void) | undefined;

  const connect = async (client: number) => {
    if (client % 500 === 0) report({ type: "progress", text: `connecting, ${client} so far` });
    const socket = new WebSocket(`${websocketUrl}?channel=bench`);
    socket.on("message", (data: Buffer) => {
      const arrival = `${client} ${data.toString()}`;
      if (seen.has(arrival)) return;
      seen.add(arrival);
      milliseconds.push(performance.now() - publishedAt);
      onArrival?.();
    });
    await once(socket, "open");
  };
  await pMap(Array.from({ length: clients }).keys(), connect, { concurrency: 20 });

  for (let message = 1; message <= messages; message++) {
    if (message % 10 === 0) report({ type: "progress", text: `message ${message} of ${messages}` });
    const expected = message * clients;
    const allArrived = new Promise<boolean>((resolve) => {
      let lost: NodeJS.Timeout | undefined;
      onArrival = () => {
        clearTimeout(lost);
        if (seen.size === expected) resolve(true);
        else lost = setTimeout(resolve, lostMilliseconds, false);
      };
    });
    publishedAt = performance.now();
    const url = `${httpUrl}channels/bench/messages`;
    const response = await fetch(url, {
      ...{ method: "POST", body: String(message), headers: { "content-type": "text/plain" } },
    });
    if (!response.ok) throw new Error(`Publishing answered ${response.status}.`);
    if (!(await allArrived)) break;
  }
  return { arrived: seen.size, milliseconds };
}

function report(value: Report): void {
  process.send?.(value);
}

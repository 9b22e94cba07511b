import { fork } from "node:child_process";
import { once } from "node:events";
import { startStack } from "../local/cli/stack.ts";
import type { Measure } from "./figure.ts";
import { percentile } from "./rounds.ts";
import type { Report, Task } from "./sockets-clients.ts";
import { amount } from "./table.ts";

const clients = 2_000;
const messages = 50;

/** Measures how late messages reach real clients on the local stack, all on one channel. */
export const sockets: Measure = async (progress) => {
  progress("starting the local stack");
  const stack = await startStack({
    isThrottled: false,
    ...{ stack: "staging", httpPort: 0, webSocketPort: 0 },
    onLog: () => undefined,
  });
  const child = fork(new URL("sockets-clients.ts", import.meta.url));
  try {
    const exited = once(child, "exit").then(() => {
      throw new Error("The process of the clients has ended before they were done.");
    });
    const task: Task = {
      ...{ websocketUrl: String(stack.outputs.websocketUrl), clients, messages },
      httpUrl: String(stack.outputs.httpUrl),
    };
    const done = new Promise<Extract<Report, { type: "done" }>>((resolve) => {
      child.on("message", (report: Report) => {
        if (report.type === "done") resolve(report);
        else progress(report.text);
      });
    });
    child.send(task);
    const { arrived, milliseconds } = await Promise.race([done, exited]);
    exited.catch(() => undefined);
    const total = clients * messages;
    return [
      {
        what: `Messages of ${amount(total)} that arrived at ${amount(clients)} sockets`,
        value: arrived,
        unit: "",
        goal: { atLeast: total },
      },
      { what: "From publish to arrival, p50", value: percentile(milliseconds, 0.5), unit: "ms" },
      { what: "From publish to arrival, p99", value: percentile(milliseconds, 0.99), unit: "ms" },
    ];
  } finally {
    child.disconnect();
    await stack.close();
  }
};

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { WebSocket } from "ws";
import { once } from "node:events";
import { freePorts, startCommand } from "../test/support/command.ts";
import { copyProject } from "../test/support/project-copy.ts";
import type { Measure } from "./figure.ts";
import { median, rounds } from "./rounds.ts";

/** Measures the time from a saved file in handlers/ to an answer by the new code, on an open socket. */
export const devLoop: Measure = async (progress) => {
  progress("starting");
  const project = await copyProject();
  const dev = startCommand("local/cli/dev.ts", freePorts, project.folder);
  try {
    const url = (await dev.line(/^websocket/)).split(/\s+/)[1] ?? "";
    await dev.line(/curl/);
    const socket = new WebSocket(url);
    await once(socket, "open");
    const file = join(project.folder, "handlers/actions/actions.ts");
    const text = await readFile(file, "utf8");

    let version = 0;
    const measure = async () => {
      version += 1;
      const changed = text.replace('{ type: "pong" }', `{ type: "pong", version: ${version} }`);
      const start = performance.now();
      await writeFile(file, changed);
      for (;;) {
        socket.send('{"action":"ping"}');
        const [answer] = (await once(socket, "message")) as [Buffer];
        if (answer.toString().includes(`"version":${version}`)) return performance.now() - start;
      }
    };
    const measured = await rounds(9, measure, progress);
    socket.terminate();
    return [
      {
        what: "npm run dev: from a saved file to an answer by its code, on an open socket",
        value: median(measured),
        unit: "ms",
        goal: { atMost: 500 },
      },
    ];
  } finally {
    await dev.interrupt();
    await project.remove();
  }
};

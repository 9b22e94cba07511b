import type { KnownConnection, PreparedFrame } from "../../handlers/aws/connections.ts";
import { log } from "../../handlers/aws/log.ts";
import type { Queue } from "../../handlers/aws/queue.ts";
import type { System } from "../../handlers/aws/system.ts";
import type { Table } from "../../handlers/aws/table.ts";
import { readJob, type Job } from "../../handlers/delivery/job.ts";

/** One send to a queue. */
export type Sent = { jobs: Job[]; delaySeconds: number };

export type RecordedSystem = {
  system: System;
  /** The requests to @connections, in order: `POST <id> <frame>`, `GET <id>`, `DELETE <id>`. */
  asked: string[];
  deliveries: Sent[];
  deadLetters: Sent[];
};

/** Returns the status that @connections answers; if it throws, there is no answer. */
export type StatusOf = (connectionId: string, method: "POST" | "GET" | "DELETE") => number;

/** The answer of @connections to a GET of any connection. */
export const known: KnownConnection = {
  ConnectedAt: new Date("2026-11-22T10:00:00.000Z"),
  LastActiveAt: new Date("2026-11-22T10:00:03.000Z"),
  Identity: { SourceIp: "192.0.2.7", UserAgent: "wscat" },
};

/** Returns a system on a real table, whose connections answer as the test says, and whose queues record. */
export function recordedSystem(
  table: Table,
  statusOf: StatusOf = () => 200,
  changes: Partial<System> = {},
): RecordedSystem {
  log.setLogLevel("SILENT");
  const asked: string[] = [];
  const deliveries: Sent[] = [];
  const deadLetters: Sent[] = [];
  const ask = async (connectionId: string, method: "POST" | "GET" | "DELETE", frame?: string) => {
    asked.push([method, connectionId, ...(frame === undefined ? [] : [frame])].join(" "));
    // No answer comes at once.
    await new Promise(setImmediate);
    return statusOf(connectionId, method);
  };
  const system: System = {
    table,
    connections: {
      post: (id, { body }: PreparedFrame) => ask(id, "POST", body.toString()),
      async get(id) {
        const status = await ask(id, "GET");
        return status === 200 ? { status, known } : { status };
      },
      close: (id) => ask(id, "DELETE"),
    },
    deliveries: recordingQueue(deliveries),
    deadLetters: recordingQueue(deadLetters),
    clock: table.clock,
    ...{ name: "test", websocketUrl: "ws://test", auth: "none", defaultChannel: "test" },
    ...{ deliveryConcurrency: 8, inlineRecipients: 1_000, historySeconds: 300 },
    ...{
      maxMessageBytes: 128 * 1024,
      presenceLimit: 200,
      graceSeconds: 10,
      prefixSubscriptions: false,
    },
    ...changes,
  };
  return { system, asked, deliveries, deadLetters };
}

export function recordingQueue(sent: Sent[]): Queue {
  return {
    send(bodies, delaySeconds = 0) {
      sent.push({ jobs: bodies.map(readJob), delaySeconds });
      return Promise.resolve();
    },
  };
}

/** Returns the connections that a job names. */
export function idsIn({ to }: Job): string[] {
  return "subscribers" in to ? to.subscribers.map(({ connectionId }) => connectionId) : [];
}

/** A queue that rejects every send. */
export const closedQueue: Queue = { send: () => Promise.reject(new Error("queue closed")) };

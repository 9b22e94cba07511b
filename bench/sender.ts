import { randomBytes } from "node:crypto";

/** A way to post one frame to many connections, which a measurement compares with others. */
export type Sender = {
  /** Resolves when every connection has answered 200; rejects where one has not. */
  send(connectionIds: string[]): Promise<void>;
  close(): Promise<void>;
};

/** Posts at the same time: the default of `deliveryConcurrency`. */
export const concurrency = 256;

export const region = "us-east-1";

/** As long as those that Lambda gives to a function. */
export const credentials = {
  accessKeyId: "ASIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  sessionToken: randomBytes(528).toString("base64"),
};

/** A message as a channels.v1 client gets it. */
export const frame = JSON.stringify({
  type: "message",
  channel: "bench",
  id: "k3f9x2-42",
  data: "The quick brown fox jumps over the lazy dog.",
  time: "2026-11-22T10:00:00.000Z",
});

/** Returns ids in the form of API Gateway's. */
export function connectionIds(count: number): string[] {
  return Array.from({ length: count }, () => randomBytes(11).toString("base64"));
}

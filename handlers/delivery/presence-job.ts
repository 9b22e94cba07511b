/** What the fanout function does later for those who watch a channel. */
export type PresenceJob =
  | {
      presence: "part";
      channel: string;
      member: string;
      /** That of the change by which the last of its connections left. */
      revision: number;
    }
  | {
      presence: "sweep";
      channel: string;
      /** Which of those that follow each other; undefined for one between them. */
      number?: number;
    };

/** Writes a job as the body of a queue's message, in ASCII. */
export function writePresenceJob(job: PresenceJob): string {
  return JSON.stringify(job).replace(
    /[^\0-~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Returns undefined for a body that is a delivery's. Throws a SyntaxError for what is no JSON. */
export function readPresenceJob(body: string): PresenceJob | undefined {
  const job = JSON.parse(body) as PresenceJob | { presence?: undefined };
  return job.presence === undefined ? undefined : job;
}

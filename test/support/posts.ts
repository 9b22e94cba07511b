import type { Connections } from "../../handlers/aws/connections.ts";

/** @connections whose posts a test answers. */
export type Posts = Connections & {
  /** `<id> <frame>` of each post, in order. */
  posted: string[];
};

/** @connections where `status` answers each post, and what was posted is noted. */
export function postsTo(
  status: (connectionId: string, frame: string) => number | Promise<number> = () => 200,
): Posts {
  const posted: string[] = [];
  return {
    posted,
    async post(connectionId, { body }) {
      posted.push(`${connectionId} ${body.toString()}`);
      return status(connectionId, body.toString());
    },
    get: () => Promise.resolve({ status: 200 }),
    close: () => Promise.resolve(204),
  };
}

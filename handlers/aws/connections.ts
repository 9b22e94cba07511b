import Pool from "undici/lib/dispatcher/pool.js";
import { sha256, signer } from "./signature.ts";
import type { Credentials } from "./signature.ts";
import type { Time } from "./clock.ts";

/** A frame that is ready to be posted to any number of connections. */
export type PreparedFrame = { body: Buffer; hash: string };

export function prepare(frame: string): PreparedFrame {
  const body = Buffer.from(frame);
  return { body, hash: sha256(body) };
}

/**
 * Posts a frame to a connection, once; gives the status that @connections answered.
 * Rejects with an Error that says why there was no answer: no connection, a reset, its deadline.
 */
export type Post = (connectionId: string, frame: PreparedFrame) => Promise<number>;

export type PostOptions = {
  /** `https://<host>/<stage>`. */
  endpoint: string;
  region: string;
  credentials: Credentials;
  /** Posts at the same time: as many sockets are kept open. */
  concurrency: number;
  /** Before a post without an answer is given up. */
  milliseconds: number;
  time: Time;
};

/**
 * The way of every message to every subscriber, and so the one place where the SDK is too slow: it
 * takes about ten times the CPU of this. Everything else about @connections is left to it.
 */
export function openPosts(options: PostOptions): { post: Post; close(): Promise<void> } {
  const { origin, host, pathname } = new URL(options.endpoint);
  const sign = signer(host, options.region, options.credentials);
  const pool = new Pool(origin, { connections: options.concurrency, pipelining: 1 });
  const { time, milliseconds } = options;

  const post: Post = (connectionId, { body, hash }) =>
    new Promise((resolve, reject) => {
      const path = `${pathname}/@connections/${encoded(connectionId)}`;
      let status = 0;
      let late: Error | undefined;
      let abort = reject;
      const cancel = time.after(milliseconds, () => {
        late = new Error(`no answer within ${milliseconds} ms`);
        abort(late);
      });
      pool.dispatch(
        { method: "POST", path, body, headers: sign(path, hash, time.now()) },
        {
          onRequestStart(controller) {
            abort = (reason: Error) => {
              controller.abort(reason);
            };
            // It waited for a socket for too long: nobody waits for its answer any more.
            if (late !== undefined) abort(late);
          },
          onResponseStart(_controller, statusCode) {
            status = statusCode;
          },
          onResponseEnd() {
            cancel();
            resolve(status);
          },
          onResponseError(_controller, error) {
            cancel();
            reject(error);
          },
        },
      );
    });
  return { post, close: () => pool.destroy() };
}

/** Percent-encoded as Signature Version 4 has it: every character but letters, digits and -._~ */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

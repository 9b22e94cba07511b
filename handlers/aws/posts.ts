import type { Dispatcher } from "undici";
import Pool from "undici/lib/dispatcher/pool.js";
import type { Connections, ConnectionsOptions } from "./connections.ts";
import { signer } from "./signature.ts";

/**
 * The way of every message to every subscriber, and so the one place where the SDK is too slow: it
 * takes about ten times the CPU of this. Everything else about @connections is left to it.
 */
export function openPosts({
  endpoint,
  region,
  credentials,
  maxPosts,
  postMilliseconds,
  clock,
}: ConnectionsOptions): { post: Connections["post"]; destroy: () => Promise<void> } {
  const { origin, host, pathname } = new URL(endpoint);
  const sign = signer(host, region, credentials);
  const pool = new Pool(origin, { connections: maxPosts, pipelining: 1 });

  const post: Connections["post"] = (connectionId, { body, hash }) =>
    new Promise((resolve, reject) => {
      const path = `${pathname}/@connections/${percentEncoded(connectionId)}`;
      let status = 0;
      let late: Error | undefined;
      let underWay: Dispatcher.DispatchController | undefined;
      const deadline = clock.after(postMilliseconds, () => {
        late = new Error(`no answer within ${postMilliseconds} ms`);
        if (underWay === undefined) reject(late);
        else underWay.abort(late);
      });
      pool.dispatch(
        { method: "POST", path, body, headers: sign(path, hash, clock.now()) },
        {
          onRequestStart(controller) {
            underWay = controller;
            // It waited for a socket for too long: nobody waits for its answer any more.
            if (late !== undefined) controller.abort(late);
          },
          onResponseStart(_controller, statusCode) {
            status = statusCode;
          },
          onResponseEnd() {
            deadline.cancel();
            resolve(status);
          },
          onResponseError(_controller, error) {
            deadline.cancel();
            reject(error);
          },
        },
      );
    });
  return { post, destroy: () => pool.destroy() };
}

/** Percent-encodes as Signature Version 4 has it: every character but letters, digits and -._~ */
function percentEncoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

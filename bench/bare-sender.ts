import Pool from "undici/lib/dispatcher/pool.js";
import { sha256, signer } from "../handlers/aws/signature.ts";
import { concurrency, credentials, frame, region, type Sender } from "./sender.ts";

/**
 * The HTTP requests alone, on the same pool as the functions' and of the same size: all have the
 * headers of one signature, and none is sent again.
 */
export function bareSender(endpoint: string): Sender {
  const { origin, host, pathname } = new URL(endpoint);
  const pool = new Pool(origin, { connections: concurrency, pipelining: 1 });
  const body = Buffer.from(frame);
  const headers = signer(host, region, credentials)(pathname, sha256(body), Date.now());
  return {
    send: (connectionIds) =>
      new Promise((resolve, reject) => {
        const left = connectionIds.values();
        let answers = 0;
        const sendNext = () => {
          const { value, done } = left.next();
          if (done) return;
          const path = `${pathname}/@connections/${encodeURIComponent(value)}`;
          pool.dispatch(
            { method: "POST", path, body, headers },
            {
              onRequestStart() {
                return undefined;
              },
              onResponseStart(_controller, status) {
                if (status !== 200) reject(new Error(`status ${status}`));
              },
              onResponseEnd() {
                answers += 1;
                if (answers === connectionIds.length) resolve();
                sendNext();
              },
              onResponseError(_controller, error) {
                reject(error);
              },
            },
          );
        };
        for (let underWay = 0; underWay < concurrency; underWay++) sendNext();
      }),
    close: () => pool.destroy(),
  };
}

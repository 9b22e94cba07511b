import { Agent, request } from "node:http";
import type { Connections } from "../handlers/aws/connections.ts";
import { signer } from "../handlers/aws/signature.ts";
import { deliverBy } from "./engine-sender.ts";
import { concurrency, credentials, region, type Sender } from "./sender.ts";

/** The functions' engine and signature on Node's own agent (that of node:https is the same, with TLS). */
export function agentSender(endpoint: string): Sender {
  const { hostname, port, host, pathname } = new URL(endpoint);
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  const sign = signer(host, region, credentials);
  const post: Connections["post"] = (connectionId, { body, hash }) =>
    new Promise((resolve, reject) => {
      const path = `${pathname}/@connections/${encodeURIComponent(connectionId)}`;
      const headers = { ...sign(path, hash, Date.now()), "content-length": body.length };
      request({ agent, hostname, port, path, headers, method: "POST", timeout: 3_000 })
        .on("response", (response) => {
          response.resume().on("end", () => {
            resolve(response.statusCode ?? 0);
          });
        })
        .on("error", reject)
        .end(body);
    });
  return {
    send: (connectionIds) => deliverBy(post, connectionIds),
    close() {
      agent.destroy();
      return Promise.resolve();
    },
  };
}

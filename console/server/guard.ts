import type { IncomingMessage } from "node:http";
import { hostRefusal } from "../../local/shared/loopback.ts";

/**
 * Returns why the console does not answer a request, or undefined if it does. Whoever it answers acts with
 * the rights of this machine's user, so that no page but its own may talk to it: its `Host` has to be a
 * loopback name, its `Origin` the same, and its `Sec-Fetch-Site` that of its own page or of an address that
 * was typed. Programs that are not browsers send neither of the last two.
 */
export function consoleRefusal({ headers, socket }: IncomingMessage): string | undefined {
  const wrongHost = hostRefusal(headers.host, socket.localPort, "The console");
  if (wrongHost !== undefined) return wrongHost;
  const { origin, "sec-fetch-site": site = "none" } = headers;
  const isOwn = origin === undefined || origin === `http://${headers.host ?? ""}`;
  if (isOwn && (site === "same-origin" || site === "none")) return undefined;
  return "The console answers only its own page: open its address in a tab of its own.";
}

const names = ["127.0.0.1", "localhost", "[::1]"];

/**
 * Returns why a server on this machine does not take a request, or undefined if it does: its `Host`
 * has to be a loopback name with the server's own port. A page of another site can have its own name
 * resolved to 127.0.0.1 (DNS rebinding), and its browser sends that name. `who` begins the reason.
 */
export function hostRefusal(
  host = "",
  port: number | undefined,
  who = "The local stack",
): string | undefined {
  const [, name = "", hostPort = "80"] = /^(\[.*\]|[^:]*)(?::(\d+))?$/.exec(host) ?? [];
  if (names.includes(name.toLowerCase()) && hostPort === String(port)) return undefined;
  const own = `${names[0]}:${port}, ${names[1]}:${port} or ${names[2]}:${port}`;
  return (
    `${who} takes only requests for ${own}: ` +
    "behind a proxy, rewrite the Host header to one of these."
  );
}

/**
 * Returns why a WebSocket handshake is not taken, or undefined if it is: the `Origin` of a page has
 * to be a loopback name, on whatever port. Programs that are not browsers send none. A browser sends
 * `null` for a file, and for a sandboxed frame in a page of any site, so that `null` is refused.
 */
export function originRefusal(origin: string | undefined): string | undefined {
  if (origin === undefined || (URL.canParse(origin) && isLoopback(new URL(origin)))) {
    return undefined;
  }
  return (
    "The local stack takes WebSockets only from pages on 127.0.0.1, localhost or [::1]: serve the " +
    "page from there or, behind a proxy, rewrite the Origin header as well as Host."
  );
}

function isLoopback({ protocol, hostname }: URL): boolean {
  return /^https?:$/.test(protocol) && names.includes(hostname);
}

import { connect as connectTo, type Channels, type Options, type Url } from "./index.ts";

export { ChannelsError } from "./index.ts";

/** As a stack serves it: its HTTP API is where this file comes from. */
export function connect(url: Url, options: Options = {}): Channels {
  return connectTo(url, { http: new URL(".", import.meta.url), ...options });
}

export { connect } from "./connect.ts";
export { ChannelsError } from "./types.ts";
export type {
  Channels,
  Gap,
  Message,
  Options,
  State,
  SubscribeOptions,
  Subscription,
  Url,
} from "./types.ts";

import { parseJson } from "../../local/shared/aws-json-server.ts";
import { recordOf } from "../../local/shared/record.ts";
import type { Failure, Handshake } from "../api.ts";
import type { Target } from "./target.ts";

/** Answers a HandshakeRequest. */
export async function handshake(
  { websocketUrl, access }: Target,
  body: Buffer,
): Promise<Handshake | Failure> {
  const { channels, protocol } = recordOf(parseJson(body));
  const isList = Array.isArray(channels) && channels.every((name) => typeof name === "string");
  if (!isList || (protocol !== "plain" && protocol !== "channels.v1")) {
    return { message: 'A handshake takes {"channels":["news"],"protocol":"plain"|"channels.v1"}.' };
  }
  const url = new URL(websocketUrl);
  for (const channel of channels) url.searchParams.append("channel", channel);
  return access.handshake(url, protocol);
}

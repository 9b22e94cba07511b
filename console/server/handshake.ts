import { parseJson } from "../../local/shared/aws-json-server.ts";
import { recordOf } from "../../local/shared/record.ts";
import type { Failure, Handshake } from "../api.ts";
import type { Target } from "./target.ts";

/** Answers a HandshakeRequest. */
export async function handshake(
  { websocketUrl, access }: Target,
  body: Buffer,
): Promise<Handshake | Failure> {
  const { channels, protocol, member } = recordOf(parseJson(body));
  const isList = Array.isArray(channels) && channels.every((name) => typeof name === "string");
  const isProtocol = protocol === "plain" || protocol === "channels.v1";
  if (!isList || !isProtocol || (member !== undefined && typeof member !== "string")) {
    const takes = '{"channels":["news"],"protocol":"plain"|"channels.v1","member":"ann"}';
    return { message: `A handshake takes ${takes}, of which "member" may be missing.` };
  }
  const url = new URL(websocketUrl);
  for (const channel of channels) url.searchParams.append("channel", channel);
  if (member !== undefined) url.searchParams.set("member", member);
  return access.handshake(url, protocol);
}

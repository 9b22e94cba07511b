import { SignatureV4 } from "@smithy/signature-v4";
import { presignedUrl, type Signing } from "../../tools/presigned-url.ts";
import type { Auth, Handshake, Protocol } from "../api.ts";

/** What lets the console in at a stack. */
export type Access = {
  auth: Auth;
  /** Returns the headers that a request needs besides its own. */
  headers(request: OutgoingRequest): Promise<Record<string, string>>;
  /** Returns how a client connects to a URL that has its channels already. */
  handshake(url: URL, protocol: Protocol): Promise<Handshake>;
};

export type OutgoingRequest = { method: string; url: URL; body: Uint8Array };

/** Seconds in which the page has to use a URL that it is given. */
const handshakeSeconds = 60;

const protocolsOf = (protocol: Protocol) => (protocol === "plain" ? [] : [protocol]);

/** For a stack that lets everyone in. */
export const openAccess: Access = {
  auth: "none",
  headers: () => Promise.resolve({}),
  handshake: (url, protocol) =>
    Promise.resolve({ url: url.href, protocols: protocolsOf(protocol) }),
};

/** For a stack that wants signatures. */
export function signedAccess(signing: () => Promise<Signing>): Access {
  return {
    auth: "iam",
    async headers({ method, url, body }) {
      const signer = new SignatureV4({ ...(await signing()), service: "execute-api" });
      const { host, hostname, pathname: path, protocol } = url;
      const query = Object.fromEntries(url.searchParams);
      const request = { method, hostname, protocol, path, query, headers: { host }, body };
      const { headers } = await signer.sign(request);
      // The client of the request sets it itself.
      delete headers.host;
      return headers;
    },
    handshake: async (url, protocol) => ({
      url: await presignedUrl(url, await signing(), handshakeSeconds),
      protocols: protocolsOf(protocol),
    }),
  };
}

/** For a stack that wants tokens. A browser has its token as a subprotocol, or in its URL. */
export function tokenAccess(token: () => Promise<string>): Access {
  return {
    auth: "jwt",
    headers: async () => ({ authorization: `Bearer ${await token()}` }),
    async handshake(url, protocol) {
      const present = await token();
      if (protocol !== "plain") {
        return { url: url.href, protocols: [protocol, `bearer.${present}`] };
      }
      url.searchParams.set("token", present);
      return { url: url.href, protocols: [] };
    },
  };
}

import { newKey, untilSent } from "./publish.ts";
import { ChannelsError } from "./types.ts";

export { ChannelsError };

export type PublisherOptions = {
  /** Returns a token that may publish, where the stack has `auth: jwt`. It is asked for one at each request. */
  token?: () => string | Promise<string>;
  /** Sends the requests: one that signs them, where the stack has `auth: iam`. Defaults to the platform's. */
  fetch?: (url: URL, init: RequestInit) => Promise<Response>;
  /** Times that a publish is sent before it rejects. Defaults to 5. */
  tries?: number;
};

export type Publisher = {
  /**
   * Publishes text or any other JSON to a channel, once, however often it has to be sent. Resolves with the
   * stack's answer, and rejects with a ChannelsError.
   */
  publish: (channel: string, data: unknown) => Promise<Published>;
};

/** See "POST /channels/{channel}/messages" in docs/protocol.md. */
export type Published = {
  id: string;
  channel: string;
  delivered: number;
  gone: number;
  failed: number;
  pending: number;
  startedAt: string;
  finishedAt: string | null;
};

/** Publishes by requests to a stack's HTTP API, whose URL ends with a slash. Each carries an Idempotency-Key. */
export function publisher(url: string | URL, options: PublisherOptions = {}): Publisher {
  const { token, fetch: send = fetch, tries: most = 5 } = options;

  const post = async (channel: string, data: unknown, key: string): Promise<Published> => {
    const isText = typeof data === "string";
    const response = await send(new URL(`channels/${encodeURIComponent(channel)}/messages`, url), {
      method: "POST",
      headers: {
        "idempotency-key": key,
        "content-type": isText ? "text/plain" : "application/json",
        ...(token && { authorization: `Bearer ${await token()}` }),
      },
      body: isText ? data : JSON.stringify(data),
    }).catch((error: unknown) => {
      throw new ChannelsError("lost", String(error));
    });
    const answer = (await response.json()) as Published & Partial<Record<string, string>>;
    if (response.ok) return answer;
    const { code, detail, message } = answer;
    const isPassing = response.status >= 500 || response.status === 429;
    throw new ChannelsError(code ?? (isPassing ? "failed" : "refused"), detail ?? message);
  };

  return {
    publish(channel, data) {
      const key = newKey();
      let tries = 0;
      return untilSent(
        () => post(channel, data, key),
        async () => {
          if (++tries >= most) throw new ChannelsError("lost", `Not published in ${most} tries.`);
          const milliseconds = Math.random() * 1_000 * 2 ** tries;
          await new Promise((resolve) => setTimeout(resolve, milliseconds));
        },
      );
    },
  };
}

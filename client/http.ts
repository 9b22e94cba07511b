import { newKey, untilSent } from "./publish.ts";
import { ChannelsError, isPassing } from "./types.ts";

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
   * stack's answer, and rejects with a ChannelsError. `exclude` is the id of a connection that does not get it.
   */
  publish: (
    channel: string,
    data: unknown,
    options?: { exclude?: string | undefined },
  ) => Promise<Published>;
  /**
   * Publishes up to 10 messages, to any channels, each once. Resolves with what became of each, in their order: the
   * stack's answer, or the ChannelsError of one that is not published. Rejects where none is known of.
   */
  publishAll: (messages: BatchMessage[]) => Promise<(Published | ChannelsError)[]>;
};

/** One of the messages that are published together. */
export type BatchMessage = { channel: string; data: unknown; exclude?: string | undefined };

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

type Problem = Partial<Record<"code" | "detail" | "message", string>>;

/** Publishes by requests to a stack's HTTP API, whose URL ends with a slash. Each carries an Idempotency-Key. */
export function publisher(url: string | URL, options: PublisherOptions = {}): Publisher {
  const { token, fetch: send = fetch, tries: most = 5 } = options;

  const post = async <Answer>(path: string, body: string, type: string, key: string) => {
    const response = await send(new URL(path, url), {
      method: "POST",
      headers: {
        "idempotency-key": key,
        "content-type": type,
        ...(token && { authorization: `Bearer ${await token()}` }),
      },
      body,
    }).catch((error: unknown) => {
      throw new ChannelsError("lost", String(error));
    });
    const answer = (await response.json()) as Answer & Problem;
    if (response.ok) return answer;
    const { code, detail, message } = answer;
    const mayPass = response.status >= 500 || response.status === 429;
    throw new ChannelsError(code ?? (mayPass ? "failed" : "refused"), detail ?? message);
  };
  const untilTried = <Answer>(act: () => Promise<Answer>) => {
    let tries = 0;
    return untilSent(act, async () => {
      if (++tries >= most) throw new ChannelsError("lost", `Not published in ${most} tries.`);
      const milliseconds = Math.random() * 1_000 * 2 ** tries;
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
    });
  };

  return {
    publish(channel, data, { exclude } = {}) {
      const key = newKey();
      const isText = typeof data === "string";
      const query = exclude === undefined ? "" : `?exclude=${encodeURIComponent(exclude)}`;
      const path = `channels/${encodeURIComponent(channel)}/messages${query}`;
      const body = isText ? data : JSON.stringify(data);
      const type = isText ? "text/plain" : "application/json";
      return untilTried(() => post<Published>(path, body, type, key));
    },
    async publishAll(messages) {
      const key = newKey();
      const body = JSON.stringify({ messages });
      let results: (Published | ChannelsError)[] = [];
      try {
        await untilTried(async () => {
          const answer = await post<Results>("messages", body, "application/json", key);
          results = answer.results.map((result) =>
            result.code === undefined ? result : new ChannelsError(result.code, result.detail),
          );
          const passing = results.find((one) => one instanceof ChannelsError && isPassing(one));
          if (passing) throw passing as ChannelsError;
        });
      } catch (error) {
        if (results.length === 0) throw error;
      }
      return results;
    },
  };
}

type Results = { results: (Published & Problem)[] };

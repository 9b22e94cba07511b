import type { Keeper } from "./keeper.ts";
import { ChannelsError, isPassing, type Options } from "./types.ts";

/** Publishes once, however often it has to be sent: each publish has a key of its own. */
export async function publish(
  keeper: Pick<Keeper, "usable" | "backoff">,
  options: Options,
  channel: string,
  data: unknown,
): Promise<{ id: string }> {
  const key = crypto.getRandomValues(new Uint32Array(4)).join("-");
  for (let tries = 0; ;) {
    try {
      const { id = "" } = options.publishOverHttp
        ? await post(options, channel, data, key)
        : await (
            await keeper.usable()
          ).request({ action: "publish", channel, data, idempotencyKey: key });
      return { id };
    } catch (error) {
      const isLost = (error as ChannelsError).code === "lost";
      if (isLost ? options.waits === false : !isPassing(error)) throw error;
      await keeper.backoff(tries++);
    }
  }
}

async function post(
  { http = "", token }: Options,
  channel: string,
  data: unknown,
  key: string,
): Promise<{ id?: string }> {
  const isText = typeof data === "string";
  const headers = {
    ...(await authorization(token)),
    "idempotency-key": key,
    "content-type": isText ? "text/plain" : "application/json",
  };
  const body = isText ? data : JSON.stringify(data);
  const url = new URL(`channels/${channel}/messages`, http);
  const response = await fetch(url, { method: "POST", headers, body }).catch((error: unknown) => {
    throw new ChannelsError("lost", String(error));
  });
  const answer = (await response.json()) as Partial<
    Record<"id" | "code" | "detail" | "message", string>
  >;
  if (response.ok) return answer;
  const isOurs = response.status > 499 || response.status === 429;
  throw new ChannelsError(
    answer.code ?? (isOurs ? "failed" : "refused"),
    answer.detail ?? answer.message,
  );
}

/** Returns the header that lets a request in. */
export async function authorization(
  token: (() => string | undefined | Promise<string>) | undefined,
): Promise<Record<string, string>> {
  const bearer = await token?.();
  return bearer ? { authorization: `Bearer ${bearer}` } : {};
}

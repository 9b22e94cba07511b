import { entriesIn } from "./client-life.ts";
import { keysOf, listOf, parse, text } from "./json.ts";
import { isRefusal } from "./lives.ts";
import { contentOf, type Draft } from "./message.ts";
import type { Model } from "./model.ts";
import { beginAttempt, endAttempt } from "./publishing.ts";
import type { Asked, Listing, MessageRecord, Reading } from "./records.ts";

/** Milliseconds without an answer after which none is expected: longer than API Gateway waits. */
const patience = 40_000;

/** The HTTP API, by one who tells the model all that it sees. */
export class Requests {
  readonly #model: Model;
  readonly #url: string;

  readonly #count: (operation: string) => void;

  constructor(model: Model, httpUrl: string, count: (operation: string) => void) {
    this.#model = model;
    this.#count = count;
    this.#url = httpUrl.replace(/\/$/, "");
  }

  async publish(by: string, message: MessageRecord, key?: string): Promise<void> {
    const { channel, content } = message;
    const attempt = beginAttempt(
      this.#model,
      message,
      key === undefined ? by : `${by} with ${key}`,
    );
    const path = channel === "test" ? "/" : `/channels/${channel}/messages`;
    const { status, body } = await this.#send("POST", path, content, key);
    const { id, pending } = keysOf(parse(body));
    const isOk = status === 200 || status === 202;
    const answer = { text: body, id: text(id) ?? "", mayBeQueued: pending !== 0 };
    const known = isOk ? { answer } : { isRefused: isRefusal(status) };
    endAttempt(this.#model, message, attempt, `${status} ${body}`, known);
  }

  /** Reads a channel's history as far as it goes; undefined where a page fails. */
  async read(reader: string, channel: string, limit: number): Promise<Reading | undefined> {
    const reading: Reading = {
      reader,
      channel,
      since: undefined,
      entries: [],
      lastAskedAt: 0,
      isWhole: false,
    };
    for (let more = true; more;) {
      reading.lastAskedAt = this.#model.tick();
      const since = reading.entries.at(-1)?.id;
      const query = `limit=${limit}${since === undefined ? "" : `&since=${since}`}`;
      const { status, body } = await this.#send("GET", `/channels/${channel}/messages?${query}`);
      if (status !== 200) return undefined;
      const page = keysOf(parse(body));
      const entries = entriesIn(page.messages);
      this.#model.diary.note(reader, `${channel} since ${since ?? ""}: ${entries.length} ${query}`);
      reading.entries.push(...entries);
      reading.isWhole = page.more !== true;
      more = !reading.isWhole && entries.length > 0;
    }
    this.#model.readings.push(reading);
    return reading;
  }

  /** Reads to the end who is on a channel. */
  async list(channel: string, limit: number): Promise<Listing | undefined> {
    const from = this.#model.tick();
    const connectionIds: string[] = [];
    for (let cursor: string | undefined = ""; cursor !== undefined;) {
      const query = `limit=${limit}${cursor === "" ? "" : `&cursor=${cursor}`}`;
      const { status, body } = await this.#send("GET", `/channels/${channel}/connections?${query}`);
      if (status !== 200) return undefined;
      const page = keysOf(parse(body));
      const ids = listOf(page.connections).map((entry) => keysOf(entry).connectionId);
      connectionIds.push(...ids.flatMap((id) => text(id) ?? []));
      cursor = text(page.cursor);
    }
    const listing = { channel, from, to: this.#model.tick(), connectionIds };
    this.#model.listings.push(listing);
    return listing;
  }

  /** Asks about a client, or sends to it, or closes it: nothing where its connection id is not known. */
  async about(
    kind: Asked["kind"],
    client: string,
    draft: Draft = { filler: "", isJson: false, isSpaced: false },
  ): Promise<void> {
    const connectionId = this.#model.connectionIds.get(client);
    if (connectionId === undefined) return;
    const model = this.#model;
    const serial = model.nextSerial();
    const content = contentOf("d", serial, draft);
    model.directs.set(serial, content);
    const from = model.tick();
    const path = `/connections/${encodeURIComponent(connectionId)}`;
    // Kept from the start: a delete may be done long before it is answered.
    const asked: Asked = { kind, client, from, to: Infinity, status: 0, serial };
    model.asked.push(asked);
    const method = { show: "GET", direct: "POST", delete: "DELETE" }[kind];
    const body = kind === "direct" ? content : undefined;
    const answer = await this.#send(method, path, body);
    const channels = listOf(keysOf(parse(answer.body)).channels).flatMap(
      (name) => text(name) ?? [],
    );
    Object.assign(asked, { to: model.tick(), status: answer.status, channels });
    model.diary.note(client, `${method} by HTTP is answered ${answer.status} ${answer.body}`);
  }

  /** The answer; status 0 where there is none. */
  async #send(
    method: string,
    path: string,
    content?: { text: string; isJson: boolean },
    key?: string,
  ): Promise<{ status: number; body: string }> {
    const type = content?.isJson ? "application/json" : "text/plain; charset=utf-8";
    try {
      const response = await fetch(this.#url + path, {
        method,
        signal: AbortSignal.timeout(patience),
        headers: {
          ...(content && { "content-type": type }),
          ...(key !== undefined && { "idempotency-key": key }),
        },
        ...(content && { body: content.text }),
      });
      const { status } = response;
      if (status === 409 || status >= 500) this.#count(`HTTP answer ${status}`);
      return { status, body: await response.text() };
    } catch (error) {
      this.#count("HTTP without an answer");
      return { status: 0, body: String(error) };
    }
  }
}

import assert from "node:assert/strict";
import { Client } from "../../support/client.ts";
import type { Step } from "./examples.ts";
import { StandIns } from "./stand-ins.ts";
import type { TestStack } from "../../support/test-stack.ts";

/** Takes the steps of examples, and compares what the stack sends with what they show. */
export class ProtocolRunner {
  readonly #stack: TestStack;
  readonly #standIns = new StandIns();
  readonly #clients = new Map<string, Client>();
  #response: Response | undefined;

  constructor(stack: TestStack) {
    this.#stack = stack;
  }

  /** Takes one step. Throws if the stack sends anything else than the step shows. */
  async take(step: Step): Promise<void> {
    const { httpUrl, websocketUrl } = this.#stack;
    switch (step.do) {
      case "connect": {
        const { who, query, protocols } = step;
        assert.ok(!this.#clients.has(who), `${who} has connected before`);
        const client = await Client.connect(websocketUrl + query, protocols);
        assert.equal(client.socket.protocol, protocols[0] ?? "");
        this.#clients.set(who, client);
        break;
      }
      case "be refused":
        await assert.rejects(Client.connect(websocketUrl + step.query), {
          message: `Unexpected server response: ${step.status}`,
        });
        break;
      case "send":
        this.#client(step.who).send(this.#standIns.fill(step.frame));
        break;
      case "receive":
        this.#compare(step.frame, await this.#client(step.who).next());
        break;
      case "close":
        await this.#client(step.who).close();
        break;
      case "be closed":
        assert.deepEqual(await this.#client(step.who).closed, [step.code, step.reason]);
        break;
      case "request": {
        const { method, headers, body = null } = step;
        const path = this.#standIns.fill(step.path).slice(1);
        this.#response = await fetch(httpUrl + path, { method, headers, body });
        break;
      }
      case "be answered": {
        const response = this.#response ?? assert.fail("nothing was asked");
        const body = await response.text();
        assert.equal(response.status, step.status, body);
        if (body !== "") assert.equal(response.headers.get("content-type"), step.type);
        this.#compare(step.body, body);
      }
    }
  }

  /** Ends every client. Throws if one has got a frame that no step has shown. */
  async end(): Promise<void> {
    for (const [who, client] of this.#clients) {
      await client.close();
      assert.deepEqual(client.unread, [], who);
    }
  }

  #client(who: string): Client {
    return this.#clients.get(who) ?? assert.fail(`${who} is not connected`);
  }

  #compare(example: string, actual: string): void {
    // A page may show a part of a long answer, with an ellipsis in place of the rest.
    if (example.endsWith("…")) {
      assert.equal(actual.slice(0, example.length - 1), example.slice(0, -1));
    } else if (!this.#standIns.matches(example, actual)) {
      assert.equal(actual, this.#standIns.fill(example));
    }
  }
}

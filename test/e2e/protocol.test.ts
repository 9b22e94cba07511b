import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { WebSocket } from "ws";
import type { Resource } from "../../local/graph/resource.ts";
import { ofType } from "../../local/graph/resource.ts";
import { projectFolder, run } from "../infra/run.ts";
import { Client } from "./client.ts";
import { readExamples } from "./protocol-examples.ts";
import type { Step } from "./protocol-examples.ts";
import { StandIns } from "./stand-ins.ts";
import { startTestStack } from "./test-stack.ts";
import type { TestStack } from "./test-stack.ts";

describe("docs/protocol.md", () => {
  let text: string;
  before(async () => {
    text = await readFile(join(projectFolder, "docs/protocol.md"), "utf8");
  });

  it("has only examples that hold, run from its first to its last", async function () {
    this.timeout(60_000);
    const stack = await startTestStack();
    const runner = new Runner(stack);
    try {
      for (const step of readExamples(text)) await runner.take(step);
      await runner.end();
    } finally {
      await stack.close();
    }
  });

  it("has an example of every action and every request", async () => {
    const { resources } = await run();
    const steps = readExamples(text);
    const sent = steps.flatMap((step) => (step.do === "send" ? [step.frame] : []));
    const requests = steps.flatMap((step) =>
      step.do === "request" ? [`${step.method} ${step.path.replace(/\?.*/, "")}`] : [],
    );
    for (const routeKey of routeKeys(resources)) {
      if (routeKey.startsWith("$")) continue;
      const isShown = routeKey.includes(" ")
        ? requests.some((request) => pattern(routeKey).test(request))
        : sent.some((frame) => frame.includes(`"action":"${routeKey}"`));
      assert.ok(isShown, `${routeKey} has no example`);
    }
  });

  it("says what every error code means", async () => {
    const source = await readFile(join(projectFolder, "handlers/channels/problem.ts"), "utf8");
    const codes = [...source.matchAll(/^ {2}"?([a-z0-9-]+)"?: \d{3},$/gm)].map(([, code]) => code);
    assert.ok(codes.length > 10);
    for (const code of codes) assert.ok(text.includes(`| \`${code ?? ""}\``), code);
  });
});

function routeKeys(resources: Resource[]): string[] {
  return ofType(resources, "aws:apigatewayv2/route:Route").map(({ inputs }) => inputs.routeKey);
}

function pattern(routeKey: string): RegExp {
  return new RegExp(`^${routeKey.replace(/\{\w+\}/g, "[^/]+")}$`);
}

/** Takes the steps of the examples, and compares what comes with what they show. */
class Runner {
  readonly #stack: TestStack;
  readonly #standIns = new StandIns();
  readonly #clients = new Map<string, Client>();
  #response: Response | undefined;

  constructor(stack: TestStack) {
    this.#stack = stack;
  }

  async take(step: Step): Promise<void> {
    const { websocketUrl } = this.#stack;
    switch (step.do) {
      case "connect":
        this.#clients.set(
          step.who,
          await Client.connect(websocketUrl + step.query, step.protocols),
        );
        break;
      case "be refused": {
        const socket = new WebSocket(websocketUrl + step.query);
        const [error] = (await once(socket, "error")) as [Error];
        assert.equal(error.message, `Unexpected server response: ${step.status}`);
        break;
      }
      case "send":
        this.#client(step.who).send(this.#standIns.fill(step.frame));
        break;
      case "receive":
        this.#compare(step.frame, await this.#client(step.who).next());
        break;
      case "close":
        await this.#client(step.who).close();
        break;
      case "be closed": {
        const [code, reason] = await this.#client(step.who).closed;
        assert.deepEqual([code, reason], [step.code, step.reason]);
        break;
      }
      case "request": {
        const { method, headers, body = null } = step;
        const path = this.#standIns.fill(step.path).slice(1);
        this.#response = await fetch(this.#stack.httpUrl + path, { method, headers, body });
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

  /** Nobody has got a frame that the examples do not show. */
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
    // A long answer may be shown as an excerpt: what is left out stands as an ellipsis.
    if (example.endsWith("…")) {
      assert.equal(actual.slice(0, example.length - 1), example.slice(0, -1));
    } else if (!this.#standIns.matches(example, actual)) {
      assert.equal(actual, this.#standIns.fill(example));
    }
  }
}

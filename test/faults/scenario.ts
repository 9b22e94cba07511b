import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { log } from "../../handlers/aws/log.ts";
import { openConnections } from "../../handlers/aws/connections.ts";
import { openQueue, type Queue } from "../../handlers/aws/queue.ts";
import type { System } from "../../handlers/aws/system.ts";
import { ManualClock } from "../../local/shared/clock.ts";
import type { DynamoDbOptions } from "../../local/dynamodb/service.ts";
import { identities } from "../../local/iam/identities.ts";
import type { InvokeResult } from "../../local/shared/invoke.ts";
import { eventSources } from "../../local/lambda/event-sources.ts";
import { sqsService } from "../../local/sqs/service.ts";
import { openChannelTable } from "../support/channel-table.ts";
import { stagingDescription } from "../support/description.ts";
import { cloud } from "../support/program.ts";
import { FakeConnections, type Fate } from "./fake-connections.ts";
import { WaitingClock } from "./waiting-clock.ts";

export type ScenarioOptions = {
  /** Returns the answer to a post. */
  fate: (connectionId: string) => Fate;
  /** Returns what DynamoDB answers instead; undefined lets the request through. */
  fault?: DynamoDbOptions["fault"];
  /** Items on a page of a Query, so that a range holds more than one. Defaults to as many as DynamoDB has. */
  pageItems?: number;
  /** Subscribers that a publish serves itself; the others go to the queue. */
  inlineRecipients: number;
  /** The fanout function, given the system that it works on and its messages. */
  fanout: (scenario: Scenario, records: QueueRecord[]) => Promise<InvokeResult>;
};

/** What fanout reads of a message. */
export type QueueRecord = { body: string; attributes: { ApproximateReceiveCount: string } };

export type Scenario = {
  system: System;
  /** A queue of the service; undefined if it has no such queue. */
  openQueue(name: string): Queue;
  /** Returns the bodies of up to ten messages of the dead-letter queue. */
  receiveDead(): Promise<string[]>;
  connections: FakeConnections;
  /** Does the work, and moves the clock whenever all of the work waits for it. */
  during<T>(work: Promise<T>): Promise<T>;
  /** Moves the clock until the delivery queue is empty and no job is under way. */
  idle(): Promise<void>;
  /** Returns `<pk> <sk>` of every item of the table. */
  items(): Promise<string[]>;
  close(): Promise<void>;
};

/**
 * The handlers' engine, in this process and on a clock that moves by itself when all work waits for
 * it, with a real table, a real queue, and a server in place of @connections.
 */
export async function startScenario(options: ScenarioOptions): Promise<Scenario> {
  log.setLogLevel("SILENT");
  const clock = new ManualClock(Date.now());
  const { accountId, region } = cloud;
  const iam = identities({ accountId, clock });
  const { authorize, root: credentials } = iam;
  const sqs = await sqsService({ region, authorize, clock });
  const description = await stagingDescription();
  for (const queue of description.queues) sqs.createQueue(queue);
  const connections = new FakeConnections(options.fate);
  const waiting = new WaitingClock(clock);
  const channelTable = await openChannelTable({
    clock: waiting,
    fault: options.fault,
    ...(options.pageItems && { probe: { pageItems: options.pageItems } }),
  });
  const deliveryConcurrency = 64;
  const toConnections = openConnections({
    ...{ endpoint: await connections.listen(), region, credentials, clock: waiting },
    ...{ maxPosts: deliveryConcurrency, postMilliseconds: 3_000 },
  });
  /** Posts under way, and calls of the handlers' engine. */
  let underWay = 0;
  let working = 0;
  const queueClient = new SQSClient({ endpoint: sqs.endpoint, region, credentials });
  const urlOf = (name: string) => `${sqs.endpoint}/${accountId}/${name}`;
  const deadLettersUrl = urlOf("websocket-channels-staging-deliveries-dead-letters-local");
  const open = (url: string) => openQueue(url, { endpoint: sqs.endpoint, region, credentials });
  const system: System = {
    table: channelTable.table,
    connections: {
      ...toConnections,
      async post(connectionId, frame) {
        underWay += 1;
        try {
          return await toConnections.post(connectionId, frame);
        } finally {
          underWay -= 1;
        }
      },
    },
    deliveries: open(urlOf("websocket-channels-staging-deliveries-local")),
    deadLetters: open(deadLettersUrl),
    ...{ clock: waiting, deliveryConcurrency, inlineRecipients: options.inlineRecipients },
    ...{ name: "test", websocketUrl: "ws://test", auth: "none", defaultChannel: "test" },
    historySeconds: 0,
    maxMessageBytes: 128 * 1024,
    ...{ presenceLimit: 200, graceSeconds: 10, prefixSubscriptions: false },
  };

  async function until<T>(promise: Promise<T>): Promise<T> {
    const state = { isDone: false };
    const done = promise.finally(() => (state.isDone = true));
    done.catch(() => undefined);
    while (!state.isDone) {
      await new Promise(setImmediate);
      // If every post that is under way hangs, the work waits for the clock; if no work is under way,
      // the queue does.
      const isHanging = waiting.waiting > 0 && underWay === connections.hanging;
      if (isHanging) clock.advance(25);
      else if (working === 0) clock.advance(1_000);
    }
    return done;
  }

  const scenario: Scenario = {
    ...{ system, connections },
    openQueue: (name) => open(urlOf(name)),
    async receiveDead() {
      const { Messages = [] } = await queueClient.send(
        new ReceiveMessageCommand({ QueueUrl: deadLettersUrl, MaxNumberOfMessages: 10 }),
      );
      return Messages.map(({ Body = "" }) => Body);
    },
    async during(work) {
      working += 1;
      return until(work.finally(() => (working -= 1)));
    },
    idle: () => until(sources.idle()),
    items: () => channelTable.items(),
    async close() {
      sources.close();
      await toConnections.destroy();
      queueClient.destroy();
      await Promise.all([connections.close(), channelTable.close(), sqs.close()]);
    },
  };
  const sources = eventSources({
    description,
    queues: sqs.queues,
    async run(_functionArn, event) {
      const { Records } = event as { Records: QueueRecord[] };
      working += 1;
      return options.fanout(scenario, Records).finally(() => (working -= 1));
    },
  });
  return scenario;
}

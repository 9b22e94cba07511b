import assert from "node:assert/strict";
import { openQueue, type Queue } from "../../../../handlers/aws/queue.ts";
import { identities } from "../../../../local/iam/identities.ts";
import { ManualClock } from "../../../../local/shared/clock.ts";
import { sqsService, type SqsService } from "../../../../local/sqs/service.ts";
import { stagingDescription } from "../../../support/description.ts";

type Sent = { Entries: { MessageBody: string; DelaySeconds: number }[] };

describe("a queue", () => {
  let sqs: SqsService;
  let queue: Queue;
  let nowhere: Queue;
  let requests: Sent["Entries"][];
  before(async () => {
    const { queues, region, accountId } = await stagingDescription();
    const clock = new ManualClock(Date.now());
    const { authorize, root: credentials } = identities({ accountId, clock });
    sqs = await sqsService({
      ...{ region, clock },
      authorize(request, permission) {
        requests.push((JSON.parse(request.body.toString()) as Sent).Entries);
        return authorize(request, permission);
      },
    });
    for (const description of queues) sqs.createQueue(description);
    const { endpoint } = sqs;
    const open = (name: string) =>
      openQueue(`${endpoint}/${accountId}/${name}`, { endpoint, region, credentials });
    queue = open("websocket-channels-staging-deliveries-local");
    nowhere = open("nowhere");
  });
  after(() => sqs.close());
  beforeEach(() => {
    requests = [];
  });

  const bodies = (count: number, length = 8) =>
    Array.from({ length: count }, (_, index) => String(index).padEnd(length, "."));
  /** How many each request has had, which come in any order. */
  const counts = () => requests.map((entries) => entries.length).sort((one, other) => other - one);

  it("gets every body, ten in a request", async () => {
    const sent = bodies(25);
    await queue.send(sent);
    assert.deepEqual(counts(), [10, 10, 5]);
    assert.deepEqual(
      requests
        .flat()
        .map(({ MessageBody }) => MessageBody)
        .sort(),
      sent.sort(),
    );
  });

  it("gets fewer in a request where they are large", async () => {
    await queue.send([...bodies(3, 100_000), ...bodies(1, 262_144), ...bodies(2, 131_072)]);
    assert.deepEqual(counts(), [2, 2, 1, 1]);
  });

  it("is asked for nothing where there is nothing to send", async () => {
    await queue.send([]);
    assert.deepEqual(counts(), []);
  });

  it("is told after how many seconds each of them may be received, and else at once", async () => {
    await queue.send(bodies(11), 900);
    await queue.send(bodies(1));
    assert.deepEqual(
      requests.map((entries) => new Set(entries.map(({ DelaySeconds }) => DelaySeconds))),
      [new Set([900]), new Set([900]), new Set([0])],
    );
  });

  it("throws where it takes some of a request only, and says why", async () => {
    await assert.rejects(queue.send(["one", "two\0", "three\uffff"]), {
      message: /^SQS did not take 2 of 3 messages: InvalidMessageContents Invalid characters/,
    });
  });

  it("throws where it is not there", async () => {
    await assert.rejects(nowhere.send(["one"]), { name: "QueueDoesNotExist" });
  });
});

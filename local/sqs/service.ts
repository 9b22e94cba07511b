import type { IncomingMessage } from "node:http";
import { signedRequest, type Authorize } from "../shared/access.ts";
import { parseJson, startJsonServer } from "../shared/aws-json-server.ts";
import type { Clock } from "../shared/clock.ts";
import type { QueueDescription } from "../graph/description.ts";
import { SqsError, sqsRefusal, type SqsAnswer } from "./errors.ts";
import { Input } from "./input.ts";
import { operations } from "./operations.ts";
import { Queue } from "./queue.ts";

// JSON takes up to 6 bytes for one of a message. While messages had up to 256 KiB, SQS took 6 times
// that and 88 KiB more (https://github.com/aws/aws-sdk-js/issues/479); now they have up to 1 MiB:
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
const maxRequestBytes = 6 * 1024 * 1024 + 88 * 1024;

export type SqsService = {
  /** `http://127.0.0.1:<port>`. */
  endpoint: string;
  /** The queues by their ARN. */
  queues: ReadonlyMap<string, Queue>;
  createQueue(description: QueueDescription): void;
  /** Ends every connection, also those of clients that wait for a message. */
  close(): Promise<void>;
};

/** Serves the JSON protocol of SQS on a free port of 127.0.0.1, for queues that are created later. */
export async function sqsService(options: {
  region: string;
  authorize: Authorize;
  clock: Clock;
}): Promise<SqsService> {
  const { region, authorize, clock } = options;
  const queues = new Map<string, Queue>();

  async function answer(
    request: IncomingMessage,
    body: Buffer,
    gone: AbortSignal,
  ): Promise<SqsAnswer> {
    const operation = String(request.headers["x-amz-target"]).replace(/^AmazonSQS\./, "");
    const perform = operations[operation];
    if (perform === undefined) {
      throw new SqsError("UnsupportedOperation", `The local stack has no ${operation}.`);
    }
    const input = new Input(parseJson(body));
    const resource = arnOf(input.text("QueueUrl"), region);
    // A batch needs the permission of the single operation. SQS writes actions in lower case when
    // it denies them.
    const action = `sqs:${operation.replace(/Batch$/, "").toLowerCase()}`;
    const signed = signedRequest(request, body);
    const decision = authorize(signed, { service: "sqs", action, resource });
    if (!decision.allowed) return sqsRefusal(decision.refusal);
    const queue = queues.get(resource);
    if (queue === undefined) {
      throw new SqsError("QueueDoesNotExist", "The specified queue does not exist.");
    }
    const principal = decision.caller.arn;
    const traceHeader = request.headers["x-amzn-trace-id"]?.toString();
    const call = { queue, input, principal, traceHeader, clock, gone };
    return { status: 200, body: await perform(call) };
  }

  const server = await startJsonServer({
    ...{ clock, maxRequestBytes },
    answer: async (request, sent, gone) => {
      const { status, body, queryError } = await answer(request, sent, gone).catch(answerOf);
      return {
        ...{ status, body: JSON.stringify(body) },
        ...(queryError !== undefined && { headers: { "x-amzn-query-error": queryError } }),
      };
    },
  });

  return {
    endpoint: server.endpoint,
    queues,
    createQueue(description) {
      queues.set(description.arn, new Queue(description, clock, queues));
    },
    async close() {
      await server.close();
      for (const queue of queues.values()) queue.close();
    },
  };
}

function answerOf(error: unknown): SqsAnswer {
  if (error instanceof SqsError) return error.answer();
  throw error;
}

/** Returns the ARN of the queue at a URL. Throws InvalidAddress if this is not the URL of a queue. */
function arnOf(queueUrl: string, region: string): string {
  const [, account, name] = /^https?:\/\/[^/]+\/(\d{12})\/([\w-]{1,80})$/.exec(queueUrl) ?? [];
  if (account === undefined || name === undefined) {
    throw new SqsError("InvalidAddress", `The address ${queueUrl} is not valid for this endpoint.`);
  }
  return `arn:aws:sqs:${region}:${account}:${name}`;
}

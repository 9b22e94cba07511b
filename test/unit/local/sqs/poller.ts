import assert from "node:assert/strict";
import type {
  EventSourceMappingDescription,
  FunctionDescription,
  QueueDescription,
} from "../../../../local/graph/description.ts";
import type { InvokeResult } from "../../../../local/shared/invoke.ts";
import { eventSources } from "../../../../local/lambda/event-sources.ts";
import { accounts, arnOf } from "./account.ts";

const functionArn = "arn:aws:lambda:eu-west-1:000000000000:function:worker";

const worker = (actions: string[]): FunctionDescription => ({
  name: "worker",
  arn: functionArn,
  handler: "index.handler",
  codeFolder: "",
  environment: {},
  timeoutSeconds: 3,
  memoryMegabytes: 128,
  isTraced: false,
  role: {
    name: "worker",
    arn: "arn:aws:iam::000000000000:role/worker",
    statements: [{ effect: "Allow", actions, resources: [arnOf("jobs")] }],
  },
});

export const pollingActions = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];

/** An event that the function has in hand. */
export type Invocation = {
  functionArn: string;
  event: unknown;
  records: SqsRecord[];
  bodies: string[];
  end: (result: InvokeResult) => void;
};

/** The queue `jobs`, with a function on it that does what the test says. Call it inside `describe`. */
export function pollers() {
  const open = accounts();
  const closers: (() => void)[] = [];
  afterEach(() => {
    for (const close of closers.splice(0)) close();
  });

  return async (
    options: {
      mapping?: Partial<EventSourceMappingDescription>;
      jobs?: Partial<QueueDescription>;
      /** Actions that the function's role may do on the queue. Defaults to those that polling needs. */
      actions?: string[];
    } = {},
  ) => {
    const account = await open(options.jobs);
    const invocations: Invocation[] = [];
    let wake: (() => void) | undefined;
    const mapping = {
      ...{ queueArn: arnOf("jobs"), functionArn, batchSize: 10, reportBatchItemFailures: true },
      ...options.mapping,
    };
    const sources = eventSources({
      description: {
        functions: [worker(options.actions ?? pollingActions)],
        eventSourceMappings: [mapping],
      },
      queues: account.service.queues,
      run: (arn, event) =>
        new Promise((end) => {
          const records = recordsOf(event);
          invocations.push({
            ...{ functionArn: arn, event, records, end },
            bodies: records.map(({ body }) => body),
          });
          wake?.();
        }),
    });
    closers.push(() => {
      sources.close();
    });
    return {
      ...account,
      sources,
      /** The events that the function has got and the test has not taken. */
      invocations,
      /** Resolves to the next event, now or when it comes. */
      next: async (): Promise<Invocation> => {
        for (;;) {
          const invocation = invocations.shift();
          if (invocation !== undefined) return invocation;
          await new Promise<void>((resolve) => (wake = resolve));
        }
      },
    };
  };
}

export type Poller = Awaited<ReturnType<ReturnType<typeof pollers>>>;

type SqsRecord = { messageId: string; receiptHandle: string; body: string };

function recordsOf(event: unknown): SqsRecord[] {
  assert.ok(typeof event === "object" && event !== null && "Records" in event);
  assert.ok(Array.isArray(event.Records));
  return event.Records.map((record: SqsRecord) => record);
}

export const returned = (value: unknown): InvokeResult => ({ outcome: "returned", value });

export const failed: InvokeResult = { outcome: "failed", errorType: "Error", errorMessage: "no" };

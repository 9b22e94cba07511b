import {
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
  type Message,
} from "@aws-sdk/client-sqs";
import { ManualClock } from "../../../../local/shared/clock.ts";
import type { PolicyStatement, QueueDescription } from "../../../../local/graph/description.ts";
import { identities, type Credentials } from "../../../../local/iam/identities.ts";
import { sqsService } from "../../../../local/sqs/service.ts";

export const region = "eu-west-1";
const accountId = "000000000000";

export const arnOf = (name: string) => `arn:aws:sqs:${region}:${accountId}:${name}`;

const queue = (name: string, more: Partial<QueueDescription> = {}): QueueDescription => ({
  name,
  arn: arnOf(name),
  url: `https://sqs.example/${accountId}/${name}`,
  visibilityTimeoutSeconds: 30,
  messageRetentionSeconds: 3600,
  delaySeconds: 0,
  maxMessageBytes: 262_144,
  ...more,
});

/** Starts the service with the queues `jobs` and `dead`, and clients of it; `close` ends them all. */
export async function account(jobs: Partial<QueueDescription> = {}) {
  const clock = new ManualClock(Date.now());
  const iam = identities({ accountId, clock });
  const service = await sqsService({ region, authorize: iam.authorize, clock });
  service.createQueue(queue("jobs", jobs));
  service.createQueue(queue("dead"));
  const clients: SQSClient[] = [];
  const clientOf = (credentials: Credentials) => {
    const { endpoint } = service;
    const client = new SQSClient({ endpoint, region, credentials, maxAttempts: 2 });
    clients.push(client);
    return client;
  };
  const urlOf = (name: string) => `${service.endpoint}/${accountId}/${name}`;
  const root = clientOf(iam.root);
  const QueueUrl = urlOf("jobs");
  return {
    clock,
    service,
    clientOf,
    urlOf,
    root,
    QueueUrl,
    assumeRole: (statements: PolicyStatement[]) =>
      iam.assumeRole({ name: "role", arn: "arn:aws:iam::000000000000:role/role", statements }, "s"),
    /** Returns the message's id. */
    send: async (MessageBody: string, DelaySeconds?: number): Promise<string> => {
      const command = new SendMessageCommand({ QueueUrl, MessageBody, DelaySeconds });
      return (await root.send(command)).MessageId ?? "";
    },
    receive: async (name = "jobs"): Promise<Message[]> => {
      const { Messages = [] } = await root.send(
        new ReceiveMessageCommand({
          QueueUrl: urlOf(name),
          MaxNumberOfMessages: 10,
          MessageSystemAttributeNames: ["All"],
        }),
      );
      return Messages;
    },
    /** Returns the numbers of messages that are visible, in flight and delayed. */
    counts: async (name = "jobs"): Promise<(string | undefined)[]> => {
      const { Attributes = {} } = await root.send(
        new GetQueueAttributesCommand({ QueueUrl: urlOf(name), AttributeNames: ["All"] }),
      );
      return [
        Attributes.ApproximateNumberOfMessages,
        Attributes.ApproximateNumberOfMessagesNotVisible,
        Attributes.ApproximateNumberOfMessagesDelayed,
      ];
    },
    close: async () => {
      for (const client of clients) client.destroy();
      await service.close();
    },
  };
}

export type Account = Awaited<ReturnType<typeof account>>;

/** Returns a function that opens accounts, which close after each test. Call it inside `describe`. */
export function accounts() {
  const open: Account[] = [];
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close();
  });
  return async (jobs?: Partial<QueueDescription>): Promise<Account> => {
    const opened = await account(jobs);
    open.push(opened);
    return opened;
  };
}

/** Returns the entries of a batch of messages; their ids are `0`, `1` and so on. */
export const entriesOf = (...texts: string[]) =>
  texts.map((MessageBody, index) => ({ Id: String(index), MessageBody }));

export const bodies = (messages: Message[]) => messages.map(({ Body }) => Body);

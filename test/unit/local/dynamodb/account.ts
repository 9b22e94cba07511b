import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ManualClock } from "../../../../local/shared/clock.ts";
import { dynamoDbService, type DynamoDbOptions } from "../../../../local/dynamodb/service.ts";
import type { PolicyStatement, TableDescription } from "../../../../local/graph/description.ts";
import { identities, type Credentials } from "../../../../local/iam/identities.ts";

const region = "eu-west-1";
const accountId = "000000000000";

export const tableArn = "arn:aws:dynamodb:eu-west-1:000000000000:table/channels";

export const channels: TableDescription = {
  name: "channels",
  arn: tableArn,
  partitionKey: { name: "pk", type: "S" },
  sortKey: { name: "sk", type: "S" },
  indexes: [
    {
      name: "channels",
      partitionKey: { name: "kind", type: "S" },
      sortKey: { name: "pk", type: "S" },
      projection: "KEYS_ONLY",
    },
  ],
  timeToLiveAttribute: "expiresAt",
};

/** A second table, without a sort key. */
const jobs: TableDescription = {
  name: "jobs",
  arn: "arn:aws:dynamodb:eu-west-1:000000000000:table/jobs",
  partitionKey: { name: "id", type: "S" },
  indexes: [],
};

/** Starts the service with the tables `channels` and `jobs`, and clients of it; `close` ends them all. */
export async function account(fault?: DynamoDbOptions["fault"]) {
  const clock = new ManualClock(Date.now());
  const iam = identities({ accountId, clock });
  const service = await dynamoDbService({
    tables: [channels, jobs],
    region,
    accountId,
    authorize: iam.authorize,
    clock,
    ...(fault && { fault }),
  });
  const clients: DynamoDBClient[] = [];
  const clientOf = (credentials: Credentials, maxAttempts = 2) => {
    const { endpoint } = service;
    const client = new DynamoDBClient({ endpoint, region, credentials, maxAttempts });
    clients.push(client);
    return client;
  };
  return {
    clock,
    service,
    clientOf,
    root: clientOf(iam.root),
    /** The owner's client, which does not retry a failed request. */
    rootOnce: clientOf(iam.root, 1),
    assumeRole: (statements: PolicyStatement[]) =>
      iam.assumeRole({ name: "role", arn: "arn:aws:iam::000000000000:role/role", statements }, "s"),
    async close() {
      for (const client of clients) client.destroy();
      await service.close();
    },
  };
}

export type Account = Awaited<ReturnType<typeof account>>;

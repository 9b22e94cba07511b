import { DynamoDBClient, GetItemCommand, paginateScan } from "@aws-sdk/client-dynamodb";
import type { Table } from "../../handlers/aws/table.ts";
import type { Key } from "../../handlers/store/keys.ts";
import { dynamoDbService, type DynamoDbOptions } from "../../local/dynamodb/service.ts";
import type { PolicyStatement } from "../../local/graph/description.ts";
import { identities } from "../../local/iam/identities.ts";
import { ManualClock, type Clock } from "../../local/shared/clock.ts";
import { stagingDescription } from "./description.ts";

export type ChannelTable = {
  /** As the handlers have it. */
  table: Table;
  /** `<pk> <sk>` of every item that has this text in them, sorted. */
  items(text?: string): Promise<string[]>;
  /** The epoch second that ends an item; undefined where there is none. */
  endOf(key: Key): Promise<number | undefined>;
  /** What the environment of a function has by which it reaches the table, with a role of its own. */
  environment: Record<string, string>;
  close(): Promise<void>;
};

export type ChannelTableOptions = Pick<DynamoDbOptions, "fault" | "probe"> & {
  /** The handlers' clock. DynamoDB's own stands still: it deletes nothing that has ended. */
  clock: Clock;
};

const everything: PolicyStatement = {
  ...{ effect: "Allow", actions: ["dynamodb:*"], resources: ["*"] },
};

/** Opens the channel table as the program declares it, empty, in a local DynamoDB of its own. */
export async function openChannelTable(options: ChannelTableOptions): Promise<ChannelTable> {
  const { clock, ...hooks } = options;
  const description = await stagingDescription();
  const { region, accountId, tables } = description;
  const ownClock = new ManualClock(Date.now());
  const iam = identities({ accountId, clock: ownClock });
  const service = await dynamoDbService({
    ...{ tables, region, accountId, authorize: iam.authorize, clock: ownClock, ...hooks },
  });
  const client = new DynamoDBClient({
    ...{ endpoint: service.endpoint, region, credentials: iam.root, maxAttempts: 10 },
  });
  const session = iam.assumeRole({ name: "function", arn: "", statements: [everything] }, "test");
  const TableName = tables[0]?.name ?? "";
  return {
    table: { name: TableName, client, clock },
    async items(text = "") {
      const found: string[] = [];
      for await (const { Items = [] } of paginateScan({ client }, { TableName })) {
        found.push(...Items.map(({ pk, sk }) => `${pk?.S ?? ""} ${sk?.S ?? ""}`));
      }
      return found.filter((item) => item.includes(text)).sort();
    },
    async endOf(key) {
      const { Item } = await client.send(new GetItemCommand({ TableName, Key: key }));
      return Item && Number(Item.expiresAt?.N);
    },
    environment: {
      ...{ TABLE_NAME: TableName, AWS_ENDPOINT_URL_DYNAMODB: service.endpoint, AWS_REGION: region },
      AWS_ACCESS_KEY_ID: session.accessKeyId,
      AWS_SECRET_ACCESS_KEY: session.secretAccessKey,
      AWS_SESSION_TOKEN: session.sessionToken,
    },
    async close() {
      client.destroy();
      await service.close();
    },
  };
}

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { fullName } from "./full-name.ts";
import { allow } from "./permission.ts";
import { tagsOf } from "./tags.ts";

export type ChannelTableArgs = {
  /** Keeps 35 days of backups, to the second. Defaults to false. */
  pointInTimeRecovery?: boolean;
  /** Refuses to delete the table, on AWS and before that in Pulumi. Defaults to false. */
  deletionProtection?: boolean;
  /** The key that encrypts the table. Defaults to DynamoDB's own, whose requests are not charged. */
  kmsKeyArn?: string | undefined;
};

/** The one table: connections, subscriptions, channels, messages, requests. An item ends at `expiresAt`. */
export class ChannelTable extends pulumi.ComponentResource {
  readonly table: aws.dynamodb.Table;
  readonly name: pulumi.Output<string>;

  constructor(name: string, args: ChannelTableArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super("websocket-channels:infra:ChannelTable", name, {}, opts);
    const { pointInTimeRecovery = false, deletionProtection = false, kmsKeyArn } = args;
    this.table = new aws.dynamodb.Table(
      fullName(name),
      {
        billingMode: "PAY_PER_REQUEST",
        hashKey: "pk",
        rangeKey: "sk",
        attributes: [
          { name: "pk", type: "S" },
          { name: "sk", type: "S" },
          { name: "kind", type: "S" },
        ],
        // Only channels have a kind, and no publish changes it: a publish writes nothing to the index.
        globalSecondaryIndexes: [
          {
            name: "channels",
            keySchemas: [
              { attributeName: "kind", keyType: "HASH" },
              { attributeName: "sk", keyType: "RANGE" },
            ],
            projectionType: "KEYS_ONLY",
          },
        ],
        ttl: { attributeName: "expiresAt", enabled: true },
        ...(kmsKeyArn && { serverSideEncryption: { enabled: true, kmsKeyArn } }),
        pointInTimeRecovery: { enabled: pointInTimeRecovery },
        deletionProtectionEnabled: deletionProtection,
        tags: tagsOf(),
      },
      // AWS alone would refuse when all the rest of the stack is gone.
      { parent: this, protect: deletionProtection },
    );
    this.name = this.table.name;
    this.registerOutputs({ name: this.name });
  }

  /** Allows reading and writing items by their keys: nothing may Scan. */
  allowItems(): aws.iam.PolicyStatement {
    return allow(
      [
        "dynamodb:GetItem",
        "dynamodb:Query",
        "dynamodb:PutItem",
        "dynamodb:UpdateItem",
        "dynamodb:DeleteItem",
        "dynamodb:BatchWriteItem",
      ],
      [this.table.arn],
    );
  }

  /** Allows listing the channels. */
  allowListing(): aws.iam.PolicyStatement {
    return allow(["dynamodb:Query"], [pulumi.interpolate`${this.table.arn}/index/channels`]);
  }
}

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { allow } from "./permission.ts";
import type { Settings } from "./settings/settings.ts";

/** The one table: connections, subscriptions, channels and messages, each item with its end in `expiresAt`. */
export function channelTable(name: string, settings: Settings): aws.dynamodb.Table {
  return new aws.dynamodb.Table(name, {
    billingMode: "PAY_PER_REQUEST",
    hashKey: "pk",
    rangeKey: "sk",
    attributes: [
      { name: "pk", type: "S" },
      { name: "sk", type: "S" },
      { name: "kind", type: "S" },
    ],
    // Only channels have a kind, and no message changes it: the index costs nothing on its way.
    globalSecondaryIndexes: [
      {
        name: "channels",
        keySchemas: [
          { attributeName: "kind", keyType: "HASH" },
          { attributeName: "pk", keyType: "RANGE" },
        ],
        projectionType: "KEYS_ONLY",
      },
    ],
    ttl: { attributeName: "expiresAt", enabled: true },
    serverSideEncryption: { enabled: true },
    pointInTimeRecovery: { enabled: settings.pointInTimeRecovery },
    deletionProtectionEnabled: settings.deletionProtection,
  });
}

/** The permission to read and write items, found by their keys: nothing may Scan. */
export function useItems(table: aws.dynamodb.Table): aws.iam.PolicyStatement {
  const operations = ["GetItem", "Query", "PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"];
  return allow(
    operations.map((operation) => `dynamodb:${operation}`),
    [table.arn],
  );
}

/** The permission to remove connections that are gone. */
export function removeItems(table: aws.dynamodb.Table): aws.iam.PolicyStatement {
  return allow(["dynamodb:DeleteItem", "dynamodb:BatchWriteItem"], [table.arn]);
}

/** The permission to list the channels that there are. */
export function listChannels(table: aws.dynamodb.Table): aws.iam.PolicyStatement {
  return allow(["dynamodb:Query"], [pulumi.interpolate`${table.arn}/index/channels`]);
}

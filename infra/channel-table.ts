import * as aws from "@pulumi/aws";
import type { Settings } from "./settings.ts";

/** The one table: connections, subscriptions and channels, each item with its end in `expiresAt`. */
export function channelTable(name: string, settings: Settings): aws.dynamodb.Table {
  return new aws.dynamodb.Table(name, {
    billingMode: "PAY_PER_REQUEST",
    hashKey: "pk",
    rangeKey: "sk",
    attributes: [
      { name: "pk", type: "S" },
      { name: "sk", type: "S" },
    ],
    ttl: { attributeName: "expiresAt", enabled: true },
    serverSideEncryption: { enabled: true },
    pointInTimeRecovery: { enabled: settings.pointInTimeRecovery },
    deletionProtectionEnabled: settings.deletionProtection,
  });
}

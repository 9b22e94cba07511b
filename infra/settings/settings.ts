import * as pulumi from "@pulumi/pulumi";
import {
  channelName,
  channelNameForm,
  maxGraceSeconds,
  maxHistorySeconds,
  maxMessageBytes,
  maxPresenceLimit,
} from "../../handlers/protocol/limits.ts";
import type { ChannelTableArgs } from "../channel-table.ts";
import { refusal } from "../refusal.ts";
import type { Throttling } from "../stage.ts";
import { alarmKeys, readAlarms, type Alarms } from "./alarms.ts";
import { authKeys, readAuth, type Auth } from "./auth.ts";
import { boolean, key, read, readOptional, wholeNumber } from "./config-key.ts";
import { corsOrigins } from "./cors-origins.ts";
import { deliveryKeys, readDelivery, type Delivery } from "./delivery.ts";
import { domainKeys } from "./domain-keys.ts";
import { readDomain, type Domain } from "./domain.ts";
import { kmsKeyArn } from "./kms-key-arn.ts";
import { logKeys, readLogs, type Logs } from "./logs.ts";
import { memorySize, type MemorySizes } from "./memory-size.ts";
import { checkRegion, checkStackName } from "./stack.ts";
import { readTags, tags } from "./tags.ts";

/** The choices of a stack, checked; `config:` in Pulumi.yaml says what each key means. */
export type Settings = {
  project: string;
  /** Also the name of both APIs' stage. */
  stack: string;
  auth: Auth;
  /** Where clients reach the APIs; undefined leaves them to the hosts of API Gateway. */
  domain: Domain | undefined;
  defaultChannel: string;
  /** Seconds for which a message is kept; 0 keeps none. */
  historySeconds: number;
  /** Bytes that a message may take with its envelope. */
  maxMessageBytes: number;
  presence: Presence;
  /** Whether connections can be subscribed to prefixes, which costs each publish a read unit a level. */
  prefixSubscriptions: boolean;
  corsOrigins: string[];
  delivery: Delivery;
  /** Instances of the websocket function that it has to itself, and at most; 0 reserves none. */
  reservedConcurrency: number;
  throttling: Throttling;
  /** Megabytes of each function. */
  memorySize: MemorySizes;
  /** Whether X-Ray traces the functions. */
  tracing: boolean;
  logs: Logs;
  alarms: Alarms;
  /** The key that encrypts table, queues and logs; undefined leaves them to AWS's own. */
  kmsKeyArn: string | undefined;
  table: Pick<Required<ChannelTableArgs>, "pointInTimeRecovery" | "deletionProtection">;
};

export type Presence = {
  /** Members of a channel that are told one by one; above that there are counts only. */
  limit: number;
  /** Seconds for which a member that has no connection left may come back before it has left. */
  graceSeconds: number;
};

const keys = {
  ...authKeys,
  ...alarmKeys,
  ...logKeys,
  ...domainKeys,
  ...deliveryKeys,
  defaultChannel: key({
    expected: channelNameForm,
    parse: (value) => (channelName.test(value) ? value : undefined),
    byDefault: "test",
  }),
  historySeconds: wholeNumber(0, maxHistorySeconds, "300"),
  maxMessageBytes: wholeNumber(1, maxMessageBytes, String(maxMessageBytes)),
  presenceLimit: wholeNumber(1, maxPresenceLimit, "200"),
  presenceGraceSeconds: wholeNumber(0, maxGraceSeconds, "10"),
  prefixSubscriptions: boolean("false"),
  corsOrigins,
  // https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
  reservedConcurrency: wholeNumber(0, 10_000, "0"),
  // AWS bounds them by the account's own limits, which it raises on request.
  throttlingRateLimit: wholeNumber(1, 1_000_000, "1000"),
  throttlingBurstLimit: wholeNumber(1, 1_000_000, "500"),
  memorySize,
  tracing: boolean("false"),
  tags,
  pointInTimeRecovery: boolean("false"),
  deletionProtection: boolean("false"),
  kmsKeyArn,
};

/**
 * Reads the whole stack config, before any resource is created.
 * Rejects with a `pulumi.RunError` of one line that names the key, its value and the remedy.
 */
export async function readSettings(): Promise<Settings> {
  checkStackName();
  checkRegion();
  checkKeys();
  readTags();
  return {
    project: pulumi.getProject(),
    stack: pulumi.getStack(),
    auth: readAuth(),
    domain: await readDomain(),
    defaultChannel: read("defaultChannel", keys.defaultChannel),
    historySeconds: read("historySeconds", keys.historySeconds),
    maxMessageBytes: read("maxMessageBytes", keys.maxMessageBytes),
    presence: {
      limit: read("presenceLimit", keys.presenceLimit),
      graceSeconds: read("presenceGraceSeconds", keys.presenceGraceSeconds),
    },
    prefixSubscriptions: read("prefixSubscriptions", keys.prefixSubscriptions),
    corsOrigins: read("corsOrigins", keys.corsOrigins),
    delivery: readDelivery(),
    reservedConcurrency: read("reservedConcurrency", keys.reservedConcurrency),
    throttling: {
      rateLimit: read("throttlingRateLimit", keys.throttlingRateLimit),
      burstLimit: read("throttlingBurstLimit", keys.throttlingBurstLimit),
    },
    memorySize: read("memorySize", keys.memorySize),
    tracing: read("tracing", keys.tracing),
    logs: readLogs(),
    alarms: readAlarms(),
    kmsKeyArn: readOptional("kmsKeyArn", kmsKeyArn),
    table: {
      pointInTimeRecovery: read("pointInTimeRecovery", keys.pointInTimeRecovery),
      deletionProtection: read("deletionProtection", keys.deletionProtection),
    },
  };
}

function checkKeys(): void {
  const prefix = `${pulumi.getProject()}:`;
  for (const name of Object.keys(pulumi.runtime.allConfig())) {
    if (name.startsWith(prefix) && !(name.slice(prefix.length) in keys)) {
      const known = Object.keys(keys).sort().join(", ");
      throw refusal(`Stack config ${name} is unknown: the keys are ${known}.`);
    }
  }
}

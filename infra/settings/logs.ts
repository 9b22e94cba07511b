import { boolean, key, read } from "./config-key.ts";

/** What is logged besides what the functions log, and for how long all of it is kept. */
export type Logs = {
  /** Days for which every log is kept. */
  retentionDays: number;
  /** Whether the HTTP API logs each request. */
  httpAccess: boolean;
  /** Whether the WebSocket API logs each event, and whose role writes that. */
  webSocketAccess: WebSocketAccess;
};

/**
 * API Gateway writes the logs of a WebSocket API by a role that its account has for the whole region:
 * `use` takes the one that is there, `create` makes it.
 */
export type WebSocketAccess = (typeof choices)[number];

const choices = ["off", "use", "create"] as const;

// The retentions that CloudWatch Logs offers:
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
const retentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
];

/** The keys of the stack config about logs. */
export const logKeys = {
  logRetentionDays: key({
    expected: retentionDays.join(", "),
    parse: (value) => retentionDays.find((days) => String(days) === value),
    byDefault: "14",
  }),
  httpAccessLogs: boolean("true"),
  apiGatewayLogs: key({
    expected:
      'off, use (the role that API Gateway has in the account and region) or create (makes that role): "pulumi config set apiGatewayLogs use"',
    parse: (value) => choices.find((choice) => choice === value),
    byDefault: "off",
  }),
};

export function readLogs(): Logs {
  return {
    retentionDays: read("logRetentionDays", logKeys.logRetentionDays),
    httpAccess: read("httpAccessLogs", logKeys.httpAccessLogs),
    webSocketAccess: read("apiGatewayLogs", logKeys.apiGatewayLogs),
  };
}

import { parseArgs } from "node:util";
import { StartError } from "../shared/start-error.ts";
import { faultSwitch, type FaultSwitch } from "./fault-switch.ts";

/** What the command line of `npm start` and `npm run dev` says. */
export type Options = {
  stack: string;
  httpPort: number;
  webSocketPort: number;
  consolePort: number;
  config: Record<string, string>;
  faultSwitch: FaultSwitch;
  isThrottled: boolean;
};

const options = {
  help: { type: "boolean", short: "h" },
  stack: { type: "string", default: "staging" },
  "http-port": { type: "string", default: "3000" },
  "websocket-port": { type: "string", default: "3001" },
  "console-port": { type: "string", default: "3002" },
  config: { type: "string", multiple: true },
  fault: { type: "string", multiple: true },
  "no-throttling": { type: "boolean", default: false },
} as const;

export const help = `Usage: npm start -- [options]    or: npm run dev -- [options]

  --http-port N         port of the HTTP API (3000); 0 takes a free one
  --websocket-port N    port of the WebSocket API (3001); 0 takes a free one
  --console-port N      port of the console, a page in your browser (3002); 0 takes a free one
  --stack NAME          reads Pulumi.NAME.yaml (staging)
  --config KEY=VALUE    goes before the stack's file, as in --config auth=jwt; may be repeated
  --fault WHERE:WHAT:SHARE
                        breaks a share of the requests, as in --fault post:429:10%; may be repeated
  --no-throttling       takes more than API Gateway's limits allow
  --help                prints this`;

/**
 * Reads the arguments; undefined where they ask for help.
 * Throws a StartError that names the option at fault, and what would be right.
 */
export function readOptions(args: string[]): Options | undefined {
  const values = parse(args);
  if (values.help) return undefined;
  return {
    stack: values.stack,
    httpPort: readPort("--http-port", values["http-port"]),
    webSocketPort: readPort("--websocket-port", values["websocket-port"]),
    consolePort: readPort("--console-port", values["console-port"]),
    config: readConfig(values.config ?? []),
    faultSwitch: faultSwitch(values.fault ?? []),
    isThrottled: !values["no-throttling"],
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(`${reason}\n${help}`);
  }
}

function readPort(option: string, value: string): number {
  if (!/^\d{1,5}$/.test(value) || Number(value) > 65_535) {
    throw new StartError(`${option} is "${value}": it takes a port from 0 to 65535.`);
  }
  return Number(value);
}

/** Reads pairs as `pulumi up --config` takes them. */
function readConfig(texts: string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
      if (key !== undefined && value !== undefined) return [key, value];
      throw new StartError(`--config is "${text}": it takes KEY=VALUE, such as auth=jwt.`);
    }),
  );
}

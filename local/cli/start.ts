import { parseArgs } from "node:util";
import { readFaults } from "../shared/faults.ts";
import { startStack } from "./stack.ts";
import { StartError } from "../shared/start-error.ts";
import { startLines } from "./start-lines.ts";

const usage =
  "npm start -- [--http-port N] [--websocket-port N] [--stack NAME] [--config KEY=VALUE]... " +
  "[--fault post:429:10%]...; port 0 takes a free one";

/** `npm start`: runs the stack until Ctrl-C, and says where it is. */
async function main(): Promise<void> {
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, resolve);
  });
  const stack = await startStack({
    ...readArguments(),
    onLog: (functionName, line) => {
      console.error(`${functionName}  ${line}`);
    },
  });
  for (const line of await startLines(stack)) console.log(line);
  await stopped;
  await stack.close();
}

function readArguments() {
  const options = {
    stack: { type: "string", default: "staging" },
    "http-port": { type: "string", default: "3000" },
    "websocket-port": { type: "string", default: "3001" },
    config: { type: "string", multiple: true },
    fault: { type: "string", multiple: true },
  } as const;
  let values;
  try {
    ({ values } = parseArgs({ options }));
  } catch (error) {
    throw new StartError(
      `${error instanceof Error ? error.message : String(error)}\nUsage: ${usage}`,
    );
  }
  return {
    stack: values.stack,
    httpPort: readPort("--http-port", values["http-port"]),
    webSocketPort: readPort("--websocket-port", values["websocket-port"]),
    config: readConfig(values.config ?? []),
    faults: readFaults(values.fault ?? []),
  };
}

function readPort(option: string, value: string): number {
  if (!/^\d{1,5}$/.test(value) || Number(value) > 65_535) {
    throw new StartError(`${option} is "${value}": it takes a port from 0 to 65535.`);
  }
  return Number(value);
}

/** As `pulumi up --config` takes it. */
function readConfig(texts: string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
      if (key !== undefined && value !== undefined) return [key, value];
      throw new StartError(`--config is "${text}": it takes KEY=VALUE, such as auth=jwt.`);
    }),
  );
}

try {
  await main();
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

// The runtime of one instance, inside its worker: loads the function and hands it event after event.
// Plain JavaScript, because a function's worker has no TypeScript loader.
import console from "node:console";
import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";

const gate = workerData;
const handler = await load(process.env._HANDLER, process.env.LAMBDA_TASK_ROOT);
parentPort.postMessage({ type: "loaded" });

void serve();

async function serve() {
  for (;;) {
    // AWS freezes an instance between two events: what its handler left unawaited stands still.
    Atomics.wait(gate, 0, 0);
    Atomics.store(gate, 0, 0);
    const report = await run(receiveMessageOnPort(parentPort).message);
    await Promise.all([process.stdout, process.stderr].map(read));
    parentPort.postMessage(report);
  }
}

async function load(name, folder) {
  const [module, exported] = basename(name).split(/\.(.*)/s);
  const path = join(folder, dirname(name), module);
  const file = [".js", ".mjs", ".cjs"].map((end) => path + end).find((file) => existsSync(file));
  if (file === undefined) {
    throw runtimeError("ImportModuleError", `Error: Cannot find module '${module}'`);
  }
  const loaded = await import(pathToFileURL(file)).catch((error) => {
    if (error instanceof SyntaxError) throw runtimeError("UserCodeSyntaxError", error);
    if (/MODULE_NOT_FOUND$/.test(error?.code)) throw runtimeError("ImportModuleError", error);
    throw error;
  });
  const handler = loaded[exported] ?? loaded.default?.[exported];
  if (handler === undefined) {
    throw runtimeError("HandlerNotFound", `${name} is undefined or not exported`);
  }
  if (typeof handler !== "function") {
    throw runtimeError("HandlerNotFound", `${name} is not a function`);
  }
  return handler;
}

async function run({ event, requestId, traceHeader, functionArn, timeoutMilliseconds }) {
  process.env._X_AMZN_TRACE_ID = traceHeader;
  const deadline = Date.now() + timeoutMilliseconds;
  try {
    const value = await handler(JSON.parse(event), {
      functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
      functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
      invokedFunctionArn: functionArn,
      memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
      awsRequestId: requestId,
      logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
      logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
      getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
    });
    return { type: "returned", json: stringify(value) };
  } catch (error) {
    console.error(error);
    return error instanceof Error
      ? { type: "threw", errorType: error.name, errorMessage: error.message }
      : { type: "threw", errorType: typeof error, errorMessage: String(error) };
  }
}

function stringify(value = null) {
  const json = JSON.stringify(value);
  if (json === undefined) throw new TypeError(`JSON has no word for a ${typeof value}`);
  return json;
}

/** Resolves when everything written to the stream has been read on the other side. */
function read(stream) {
  return new Promise((resolve) => stream.write("", resolve));
}

function runtimeError(type, cause) {
  return Object.assign(new Error(String(cause), { cause }), { name: `Runtime.${type}` });
}

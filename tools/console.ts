import { once } from "node:events";
import { parseArgs } from "node:util";
import { openAccess, signedAccess, tokenAccess, type Access } from "../console/server/access.ts";
import { serveConsole } from "../console/server/server.ts";
import { close, listen } from "../local/shared/listen.ts";
import { StartError } from "../local/shared/start-error.ts";
import { ownSigning } from "./aws-signing.ts";
import { CommandError, firstLine, runCommand } from "./command-error.ts";
import { readDeployedStack, type DeployedStack } from "./deployed-stack.ts";

const usage = "npm run console -- --stack NAME [--port N] [--token TOKEN] [--profile NAME]";

type Arguments = ReturnType<typeof readArguments>;

/** `npm run console`: serves the console of a deployed stack until Ctrl-C, and says where it is. */
async function main(): Promise<void> {
  const asked = readArguments();
  const deployed = await readDeployedStack(asked.stack, "");
  const target = {
    name: asked.stack,
    websocketUrl: deployed.output("websocketUrl"),
    httpUrl: deployed.output("httpUrl"),
    access: await accessOf(deployed, asked),
  };
  const server = await listen(asked.port, "--port").catch((error: unknown) => {
    throw error instanceof StartError ? new CommandError(error.message) : error;
  });
  console.log(`console ${serveConsole(server, () => target).url}`);
  await Promise.race(["SIGINT", "SIGTERM"].map((signal) => once(process, signal)));
  await close(server);
}

async function accessOf(deployed: DeployedStack, asked: Arguments): Promise<Access> {
  switch (deployed.auth) {
    case "none":
      return openAccess;
    case "jwt": {
      const token = asked.token ?? process.env.TOKEN;
      if (token) return tokenAccess(() => Promise.resolve(token));
      throw new CommandError(
        `Stack ${asked.stack} wants a token of its issuer: give one by --token or in TOKEN.`,
      );
    }
    default: {
      const signing = ownSigning(deployed.region, asked.profile ?? deployed.profile);
      await signing();
      return signedAccess(signing);
    }
  }
}

function readArguments() {
  const options = {
    stack: { type: "string" },
    port: { type: "string", default: "3002" },
    token: { type: "string" },
    profile: { type: "string" },
  } as const;
  try {
    const { stack, port, ...others } = parseArgs({ options }).values;
    if (stack === undefined) throw new Error("--stack is missing: say which one to open.");
    if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
      throw new Error(`--port is "${port}": it takes a port from 0 to 65535.`);
    }
    return { stack, port: Number(port), ...others };
  } catch (error) {
    throw new CommandError(`${firstLine(error)}\nUsage: ${usage}`);
  }
}

await runCommand(main);

import { parseArgs } from "node:util";
import { ownSigning, regionOf } from "./aws-signing.ts";
import { CommandError, firstLine, runCommand } from "./command-error.ts";
import { readDeployedStack } from "./deployed-stack.ts";
import { presignedUrl } from "./presigned-url.ts";

const usage =
  "npm run --silent url -- --stack NAME | --url WEBSOCKET_URL " +
  "[--channel NAME]... [--expires SECONDS] [--region REGION] [--profile NAME]";

// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
const mostSeconds = 7 * 24 * 60 * 60;

/** `npm run url`: prints a URL with which a client connects to a stack whose `auth` is `iam`. */
async function main(): Promise<void> {
  const { values, seconds } = readArguments();
  const { url, region, profile } =
    values.stack === undefined ? values : { ...(await readUrlOf(values.stack)), ...values };
  const target = readUrl(url);
  for (const channel of values.channel ?? []) target.searchParams.append("channel", channel);
  const signing = await ownSigning(region ?? regionOf(target.host), profile)();
  console.log(await presignedUrl(target, signing, seconds));
}

function readArguments() {
  const options = {
    stack: { type: "string" },
    url: { type: "string" },
    channel: { type: "string", multiple: true },
    expires: { type: "string", default: "300" },
    region: { type: "string" },
    profile: { type: "string" },
  } as const;
  try {
    const { values } = parseArgs({ options });
    const seconds = Number(values.expires);
    if (!Number.isInteger(seconds) || seconds < 1 || seconds > mostSeconds) {
      throw new Error(
        `--expires is "${values.expires}": it takes whole seconds from 1 to ${mostSeconds}.`,
      );
    }
    if ((values.stack === undefined) === (values.url === undefined)) {
      throw new Error("Say either --stack or --url.");
    }
    return { values, seconds };
  } catch (error) {
    throw new CommandError(`${firstLine(error)}\nUsage: ${usage}`);
  }
}

function readUrl(text = ""): URL {
  if (!URL.canParse(text) || !/^wss?:$/.test(new URL(text).protocol)) {
    throw new CommandError(
      `"${text}" is not the URL of a WebSocket API, which begins with wss://.`,
    );
  }
  return new URL(text);
}

async function readUrlOf(stack: string) {
  const deployed = await readDeployedStack(stack, ", or give the URL itself by --url");
  const { region, profile } = deployed;
  return { url: deployed.output("websocketUrl"), region, profile };
}

await runCommand(main);

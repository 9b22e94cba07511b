import { execFile } from "node:child_process";
import { parseArgs, promisify } from "node:util";
import { ApiGatewayManagementApiClient } from "@aws-sdk/client-apigatewaymanagementapi";
import { presignedUrl } from "./presigned-url.ts";

const usage =
  "npm run --silent url -- --stack NAME | --url WEBSOCKET_URL " +
  "[--channel NAME]... [--expires SECONDS] [--profile NAME]";

// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
const mostSeconds = 7 * 24 * 60 * 60;

/** Thrown for what the user can correct. The message says what is wrong, and how to correct it. */
class CommandError extends Error {}

/** `npm run url`: prints a URL with which a client connects to a stack whose `auth` is `iam`. */
async function main(): Promise<void> {
  const { values, seconds } = readArguments();
  const { url, profile } =
    values.stack === undefined ? values : { ...(await readStack(values.stack)), ...values };
  const target = readUrl(url);
  for (const channel of values.channel ?? []) target.searchParams.append("channel", channel);
  const [, region = process.env.AWS_REGION] =
    /\.execute-api\.([\w-]+)\.amazonaws\./.exec(target.host) ?? [];
  if (!region) throw new CommandError(`${target.host} names no AWS region: set AWS_REGION.`);

  const { config } = new ApiGatewayManagementApiClient({
    region,
    ...(profile !== undefined && { profile }),
  });
  const credentials = await config.credentials().catch((error: unknown) => {
    throw new CommandError(`There are no AWS credentials: ${firstLine(error)}`);
  });
  const signing = { region, credentials, sha256: config.sha256 };
  console.log(await presignedUrl(target, signing, seconds));
}

function readArguments() {
  const options = {
    stack: { type: "string" },
    url: { type: "string" },
    channel: { type: "string", multiple: true },
    expires: { type: "string", default: "300" },
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
    throw new CommandError(`"${text}" is not the URL of a WebSocket API: wss://HOST/STAGE.`);
  }
  return new URL(text);
}

/** Returns the WebSocket URL and the AWS profile of a deployed stack, as Pulumi knows them. */
async function readStack(stack: string): Promise<{ url: string; profile: string | undefined }> {
  const url = await pulumi("stack", "output", "websocketUrl", "--stack", stack);
  const config = await pulumi("config", "--json", "--stack", stack);
  const { "aws:profile": profile } = JSON.parse(config) as Record<string, { value?: string }>;
  return { url: url.trim(), profile: profile?.value };
}

async function pulumi(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)("pulumi", args).catch((error: unknown) => {
    const { code, stderr } = error as { code?: unknown; stderr?: string };
    throw new CommandError(
      code === "ENOENT"
        ? "The Pulumi CLI is not installed: install it, or give the URL itself by --url."
        : `pulumi ${args.join(" ")}: ${(stderr ?? firstLine(error)).trim()}`,
    );
  });
  return stdout;
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n", 1)[0] ?? "";
}

try {
  await main();
} catch (error) {
  if (!(error instanceof CommandError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

import { ApiGatewayManagementApiClient } from "@aws-sdk/client-apigatewaymanagementapi";
import { CommandError, firstLine } from "./command-error.ts";
import type { Signing } from "./presigned-url.ts";

/** Returns the hash with which requests to a region are signed. */
export function hashOf(region: string): Signing["sha256"] {
  return new ApiGatewayManagementApiClient({ region }).config.sha256;
}

/**
 * Returns what signs as this machine's AWS user does, or as a profile; temporary credentials are made anew
 * before they end. Throws a CommandError where there are no credentials.
 */
export function ownSigning(region: string, profile?: string): () => Promise<Signing> {
  const { config } = new ApiGatewayManagementApiClient({
    region,
    ...(profile !== undefined && { profile }),
  });
  return async () => {
    const credentials = await config.credentials().catch((error: unknown) => {
      throw new CommandError(`There are no AWS credentials: ${firstLine(error)}`);
    });
    return { region, credentials, sha256: config.sha256 };
  };
}

/**
 * Returns the AWS region of an execute-api host, or else the one that the environment names.
 * Throws a CommandError where there is neither.
 */
export function regionOf(host: string): string {
  const [, region = process.env.AWS_REGION] =
    /\.execute-api\.([\w-]+)\.amazonaws\./.exec(host) ?? [];
  if (!region) {
    throw new CommandError(`${host} names no AWS region: give one by --region, or in AWS_REGION.`);
  }
  return region;
}

import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { tagsOf } from "./tags.ts";

export type LogGroupArgs = {
  /** Days for which what is logged is kept. Defaults to 14. */
  retentionDays?: number;
  /** The key that encrypts it. Defaults to one of AWS's own. */
  kmsKeyArn?: string | undefined;
};

/** Creates a log group; its physical name begins with `prefix`, or else with its name. */
export function logGroup(
  name: string,
  { retentionDays = 14, kmsKeyArn }: LogGroupArgs,
  { prefix, ...opts }: pulumi.CustomResourceOptions & { prefix?: string },
): aws.cloudwatch.LogGroup {
  return new aws.cloudwatch.LogGroup(
    name,
    {
      ...(prefix && { namePrefix: prefix }),
      retentionInDays: retentionDays,
      ...(kmsKeyArn && { kmsKeyId: kmsKeyArn }),
      tags: tagsOf(),
    },
    opts,
  );
}

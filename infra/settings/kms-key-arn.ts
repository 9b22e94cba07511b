import * as pulumi from "@pulumi/pulumi";
import { key, read } from "./config-key.ts";

const arn = /^arn:aws[a-z-]*:kms:([a-z0-9-]+):\d{12}:key\/[\w-]+$/;

/** The key of the stack config that names a customer-managed KMS key, of the stack's own region. */
export const kmsKeyArn = key({
  expected:
    'the ARN of a KMS key in the region of the stack: "pulumi config set kmsKeyArn arn:aws:kms:<region>:<account>:key/<id>", or "pulumi config rm kmsKeyArn"',
  parse(value) {
    const [, region] = arn.exec(value) ?? [];
    return region === new pulumi.Config("aws").get("region") ? value : undefined;
  },
});

/** Reads the key; undefined if the stack has none. */
export function readKmsKeyArn(): string | undefined {
  // Pulumi.yaml defaults to the empty text.
  return new pulumi.Config().get("kmsKeyArn") ? read("kmsKeyArn", kmsKeyArn) : undefined;
}

import { arnOfRegion, key } from "./config-key.ts";

/** The key of the stack config that names a customer-managed KMS key, of the stack's own region. */
export const kmsKeyArn = key({
  expected:
    'the ARN of a KMS key in the region of the stack: "pulumi config set kmsKeyArn arn:aws:kms:<region>:<account>:key/<id>", or "pulumi config rm kmsKeyArn"',
  parse: arnOfRegion(/^arn:aws[a-z-]*:kms:([a-z0-9-]+):\d{12}:key\/[\w-]+$/),
});

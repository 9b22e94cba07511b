import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { refusal } from "../refusal.ts";
import { wrong } from "./config-key.ts";

// An API Gateway v2 stage: letters, digits, hyphen and underscore, 128 at most.
const stageName = /^[A-Za-z0-9_-]{1,128}$/;

// A role has 64 characters, and with project and stack in its name the rest of one of ours, and Pulumi's suffix:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
const maxNames = 64 - "--api-gateway-1234567".length;

/** Throws a `pulumi.RunError` of one line where the name of the stack cannot be that of its stages. */
export function checkStackName(): void {
  const stack = pulumi.getStack();
  if (!stageName.test(stack)) {
    throw refusal(
      `Stack name "${stack}" cannot name an API Gateway stage: use letters, digits, - and _.`,
    );
  }
  const most = maxNames - pulumi.getProject().length;
  if (stack.length > most) {
    throw refusal(
      `Stack name "${stack}" is too long: beside the project's name a role has room for ${most} characters.`,
    );
  }
}

/** Throws a `pulumi.RunError` of one line where `aws:region` is no region. */
export function checkRegion(): void {
  const region = new pulumi.Config("aws").get("region");
  const regions: string[] = Object.values(aws.Region);
  if (region === undefined || !regions.includes(region)) {
    throw wrong("aws:region", region, 'an AWS region: "pulumi config set aws:region us-east-1"');
  }
}

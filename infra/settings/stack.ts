import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { refusal } from "../refusal.ts";
import { wrong } from "./config-key.ts";

// An API Gateway v2 stage: letters, digits, hyphen and underscore, 128 at most.
const stageName = /^[A-Za-z0-9_-]{1,128}$/;

/** Throws a `pulumi.RunError` of one line where the name of the stack cannot be that of its stages. */
export function checkStackName(): void {
  const stack = pulumi.getStack();
  if (!stageName.test(stack)) {
    throw refusal(
      `Stack name "${stack}" cannot name an API Gateway stage: use letters, digits, - and _.`,
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

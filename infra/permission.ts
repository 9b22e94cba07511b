import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** A statement that lets a function do exactly these actions on these resources. */
export function allow(
  actions: string[],
  resources: pulumi.Input<string>[],
): aws.iam.PolicyStatement {
  return { Effect: "Allow", Action: actions, Resource: resources };
}

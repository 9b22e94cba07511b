import * as pulumi from "@pulumi/pulumi";

/**
 * Returns the error that ends the program with one line. It has no stack, which nobody would see: to color
 * one takes Pulumi ten seconds and more on Node 20.
 */
export function refusal(message: string): pulumi.RunError {
  return Object.assign(new pulumi.RunError(message), { stack: "" });
}

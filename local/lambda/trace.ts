import { randomBytes } from "node:crypto";

/**
 * Returns the tracing header of one invocation, which Lambda makes whether X-Ray traces the function or not.
 * https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
 */
export function traceHeader(isTraced: boolean, now: number): string {
  const second = Math.floor(now / 1000).toString(16);
  const root = `1-${second}-${randomBytes(12).toString("hex")}`;
  return `Root=${root};Parent=${randomBytes(8).toString("hex")};Sampled=${isTraced ? 1 : 0}`;
}

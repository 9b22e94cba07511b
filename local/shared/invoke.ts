/** How a gateway reaches a function: the local Lambda service implements it, the gateways call it. */
export type Invoke = (request: InvokeRequest) => Promise<InvokeResult>;

export type InvokeRequest = {
  functionArn: string;
  /** ARN of the caller, checked against the function's invoke permissions. */
  sourceArn: string;
  /** Anything that JSON can say. */
  event: unknown;
};

export type InvokeResult =
  /** What the function returned, after JSON; null where it returned undefined. */
  | { outcome: "returned"; value: unknown }
  /** It threw, ended its process, could not be loaded, or ran into its timeout. */
  | { outcome: "failed"; errorType: string; errorMessage: string }
  /** No aws.lambda.Permission lets this source in. */
  | { outcome: "denied" };

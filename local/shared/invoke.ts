/** Invokes a function. The local Lambda service implements it; the gateways call it. */
export type Invoke = (request: InvokeRequest) => Promise<InvokeResult>;

export type InvokeRequest = {
  functionArn: string;
  /** ARN of the caller, checked against the function's invoke permissions. */
  sourceArn: string;
  /** Any JSON value. */
  event: unknown;
};

export type InvokeResult =
  /** What the function returned, by way of JSON: null if it returned undefined. */
  | { outcome: "returned"; value: unknown }
  /** The function threw, ended its process, could not be loaded, or ran into its timeout. */
  | { outcome: "failed"; errorType: string; errorMessage: string }
  /** No aws.lambda.Permission lets this source in. */
  | { outcome: "denied" };

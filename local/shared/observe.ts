/** Sees what a stack does while it does it. Nothing waits for it, and it may not throw. */
export type Observe = {
  /**
   * Called when a function gets an event. `sourceArn` is that of a route, as in
   * `…:http-local/staging/POST/channels/{channel}/messages`, of an authorizer, or of a queue.
   */
  invoked?: (functionArn: string, sourceArn: string) => void;
  /** Called when IAM has decided on the request of somebody whom it knows. */
  decided?: (decision: ObservedDecision) => void;
};

export type ObservedDecision = {
  /** ARN of the signer. */
  caller: string;
  /** As in `dynamodb:Query`. */
  action: string;
  /** ARN of what is acted on. */
  resource: string;
  verdict: "allowed" | "implicitly-denied" | "explicitly-denied";
};

/** What goes wrong on purpose. Each is asked about a request that is valid and allowed. */
export type Faults = {
  /** Returns the fault of a post to a connection, or undefined to let it through. */
  post?: ((connectionId: string) => PostFault | undefined) | undefined;
  /** Returns the fault that DynamoDB answers, or undefined to let the request through. */
  dynamodb?:
    ((request: { operation: string; body: unknown }) => DynamoDbFault | undefined) | undefined;
  /** Returns whether the `$disconnect` of a connection is lost: on AWS it is best effort. */
  disconnect?: ((connectionId: string) => boolean) | undefined;
  /**
   * Called for each event that an instance of a function takes. If the promise that it returns resolves
   * while the event is in hand, the instance is lost, and the event fails.
   */
  instance?: ((functionName: string, event: unknown) => Promise<void> | undefined) | undefined;
};

/** A status that @connections answers, or no response until the client gives up. */
export type PostFault = 410 | 429 | 500 | "hang";

/** An error by which DynamoDB refuses a valid request for a while. The SDK retries each of them. */
export type DynamoDbFault = {
  type: "ThrottlingException" | "ProvisionedThroughputExceededException" | "InternalServerError";
};

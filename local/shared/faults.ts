/** What goes wrong, and when. Each is asked before a request that is in order and allowed. */
export type Faults = {
  /** Says what becomes of a post to a connection; undefined lets it through. */
  post?: ((connectionId: string) => PostFault | undefined) | undefined;
  /** Says what DynamoDB answers; undefined lets the request through. */
  dynamodb?:
    ((request: { operation: string; body: unknown }) => DynamoDbFault | undefined) | undefined;
};

/** A status that @connections answers, or no answer until the client gives up. */
export type PostFault = 410 | 429 | 500 | "hang";

/** What AWS answers when it cannot serve a request that is in order; the SDK retries each of them. */
export type DynamoDbFault = {
  type: "ThrottlingException" | "ProvisionedThroughputExceededException" | "InternalServerError";
};

import type { DynamoDbOptions } from "../dynamodb/service.ts";

/** What goes wrong, and when. Each is asked before a request that is in order and allowed. */
export type Faults = {
  /** Says what becomes of a post to a connection; undefined lets it through. */
  post?: ((connectionId: string) => PostFault | undefined) | undefined;
  /** Says what DynamoDB answers; undefined lets the request through. */
  dynamodb?: DynamoDbOptions["fault"];
};

/** A status that @connections answers, or no answer until the client gives up. */
export type PostFault = 410 | 429 | 500 | "hang";

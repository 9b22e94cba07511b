import type { DynamoDbOptions } from "../dynamodb/service.ts";

/** What goes wrong, and when. Each is asked before a request that is in order and allowed. */
export type Faults = {
  /** Says what becomes of a post to a connection; undefined lets it through. */
  post?: ((connectionId: string) => PostFault | undefined) | undefined;
  /** Says what DynamoDB answers; undefined lets the request through. */
  dynamodb?: DynamoDbOptions["fault"];
  /** Says whether the `$disconnect` of a connection is lost: on AWS it is best effort. */
  disconnect?: ((connectionId: string) => boolean) | undefined;
  /**
   * Told of each event that an instance of a function takes. Where what it returns resolves while the
   * event is in hand, the instance is lost, and the event fails.
   */
  instance?: ((functionName: string, event: unknown) => Promise<void> | undefined) | undefined;
};

/** A status that @connections answers, or no answer until the client gives up. */
export type PostFault = 410 | 429 | 500 | "hang";

// Forms and bounds of what goes over the wire. infra checks the stack's config with them, so this file
// holds plain values and imports nothing.

/** The form of a channel's name, and the words that say it. */
export const channelName = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}$/;
export const channelNameForm =
  "1 to 128 letters, digits, _ . : or -, beginning with a letter or digit";

/** The form of a member's name that a client says itself. */
export const memberForm = channelName;

/** Characters of a member's name that a token says. */
export const maxMemberCharacters = 256;

/** Bytes of what everybody may know of a member, as JSON. */
export const maxInfoBytes = 1024;

/** Members of a channel that are told one by one, at most: its watchers cost a post each, for each of them. */
export const maxPresenceLimit = 1000;

/**
 * Seconds for which a member is waited for, at most: as long as SQS keeps a message back.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
export const maxGraceSeconds = 900;

/** The form of a connection's id: base64, of either alphabet. Any other text might be a path. */
export const connectionIdForm = /^[\w+/=-]{1,128}$/;

/** The form of what a client knows the reply to its frame by. */
export const refForm = /^[\w-]{1,64}$/;

/** The form of an `Idempotency-Key`. */
export const idempotencyKeyForm = /^[\x21-\x7e]{1,255}$/;

/**
 * Bytes of a message with its envelope that API Gateway delivers.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
 */
export const maxMessageBytes = 128 * 1024;

/** Seconds for which a message may be kept: history is for reconnecting, not an archive. */
export const maxHistorySeconds = 24 * 60 * 60;

/** Levels of nested JSON: writing JSON takes stack for each, as reading it does in many a client. */
export const maxJsonLevels = 1000;

/** Channels of one connection. */
export const maxChannels = 100;

/** Levels of a channel's name that can have a prefix: each costs a publish a read unit. */
export const maxPrefixLevels = 8;

/** Channels that a prefix can be resumed on: the last ids of so many fit in a client's frame of 32 KB. */
export const maxResumedChannels = 100;

/** Messages that one request publishes. */
export const maxBatchMessages = 10;

/** Messages in one answer. */
export const maxMessages = 1000;

/** Messages that one `subscribe` with `since` gets: each is a post that is charged. */
export const maxReplayedMessages = 1000;

/** Channels or connections on one page of a list. */
export const maxEntries = 1000;

/**
 * Times that the delivery queue gives a job to be done. The next time it is given up, by who receives it;
 * where that fails too, SQS itself moves it to the dead-letter queue, and no report counts it.
 */
export const maxReceives = 5;

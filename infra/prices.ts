/** List prices of us-east-1 in dollars, November 2026. */
export const prices = {
  /** Of up to 32 KB, as is each post. https://aws.amazon.com/api-gateway/pricing/ */
  webSocketMessage: 1 / 1e6,
  httpRequest: 1 / 1e6,
  /** On demand. https://aws.amazon.com/dynamodb/pricing/on-demand/ */
  readUnit: 0.125 / 1e6,
  writeUnit: 0.625 / 1e6,
  /** Standard queue. https://aws.amazon.com/sqs/pricing/ */
  queueRequest: 0.4 / 1e6,
  /** On arm64. https://aws.amazon.com/lambda/pricing/ */
  invocation: 0.2 / 1e6,
  gigabyteSecond: 0.0000133334,
};

import { read, wholeNumber } from "./config-key.ts";

/** How the posts of a message are shared out. */
export type Delivery = {
  /** Posts that a function has under way at the same time. */
  concurrency: number;
  /** Subscribers that a publish serves itself; the others go to the queue. */
  inlineRecipients: number;
  /** Instances of the fanout function that work on the queue at the same time. */
  fanoutConcurrency: number;
};

/** The keys of the stack config about deliveries. */
export const deliveryKeys = {
  deliveryConcurrency: wholeNumber(1, 1_000, "256"),
  inlineRecipients: wholeNumber(1, 10_000, "1000"),
  // https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
  fanoutConcurrency: wholeNumber(2, 1_000, "10"),
};

export function readDelivery(): Delivery {
  return {
    concurrency: read("deliveryConcurrency", deliveryKeys.deliveryConcurrency),
    inlineRecipients: read("inlineRecipients", deliveryKeys.inlineRecipients),
    fanoutConcurrency: read("fanoutConcurrency", deliveryKeys.fanoutConcurrency),
  };
}

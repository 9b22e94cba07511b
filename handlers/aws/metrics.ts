// CloudWatch takes metrics off log lines that have the embedded metric format, so a figure costs no request:
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
// The namespace is the project's name. infra draws these figures, so this file imports nothing.

const units = {
  /** Messages that have been published. */
  MessagesPublished: "Count",
  /** Bytes of their texts, in UTF-8. */
  BytesPublished: "Bytes",
  /** Subscribers that have got a message. */
  Deliveries: "Count",
  /** Subscribers that were to get a message, and whose connection was no more. */
  Gone: "Count",
  /** Deliveries that were handed on to the queue, each time that they were; a range of the table is one. */
  Queued: "Count",
  /** Deliveries that were given up to the dead letters; likewise. */
  GivenUp: "Count",
  /** From a publish to the last of the posts that it makes itself: one value for each. */
  PublishLatency: "Milliseconds",
  /** From a publish to a delivery that came through the queue: one value for each of these. */
  QueuedDeliveryLatency: "Milliseconds",
  /** Connections that have opened, dated at their handshake. */
  ConnectionsOpened: "Count",
  /** Connections that have ended, dated when that was noticed. */
  ConnectionsClosed: "Count",
  /** The same, each dated at the handshake by which it opened. */
  ConnectionsEnded: "Count",
  HandshakesRefused: "Count",
} as const;

export type MetricName = keyof typeof units;

/** A figure, or one value for each of what was measured: 100 at most. */
export type Metrics = Partial<Record<MetricName, number | number[]>>;

/** The values that one line may have of a metric. */
export const maxValues = 100;

/** The dimension that every metric has: the stack's name. */
export const stackDimension = "stack";
/** The dimension that `HandshakesRefused` has besides, of a bounded number of values. */
export const reasonDimension = "reason";
/** The reason of a handshake whose token cannot be verified, whatever is in it. */
export const issuerUnavailable = "IssuerUnavailable";

/**
 * Returns what makes a log line one with these metrics, of what happened at `at` (milliseconds since the
 * epoch; CloudWatch takes what is not older than two weeks, and not more than two hours ahead). Nothing that
 * there is none of is written: a metric is charged for the hours in which it has values.
 */
export function metrics(
  at: number,
  values: Metrics,
  dimensions: string[][] = [[stackDimension]],
): Record<string, unknown> {
  const measured = (Object.keys(values) as MetricName[]).filter(
    (name) => values[name] !== 0 || units[name] === "Milliseconds",
  );
  if (measured.length === 0) return {};
  // What opens the system has checked both.
  const { POWERTOOLS_SERVICE_NAME: Namespace, STACK_NAME } = process.env;
  const Metrics = measured.map((Name) => ({ Name, Unit: units[Name] }));
  return {
    ...Object.fromEntries(measured.map((name) => [name, values[name]])),
    [stackDimension]: STACK_NAME,
    _aws: {
      Timestamp: at,
      CloudWatchMetrics: [{ Namespace, Dimensions: dimensions, Metrics }],
    },
  };
}

/** Returns the same for a handshake that is refused, for one of a bounded number of reasons. */
export function refusalMetrics(at: number, reason: string): Record<string, unknown> {
  const counted = metrics(at, { HandshakesRefused: 1 }, [
    [stackDimension],
    [stackDimension, reasonDimension],
  ]);
  return { [reasonDimension]: reason, ...counted };
}

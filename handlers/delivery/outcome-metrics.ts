import type { Metrics } from "../aws/metrics.ts";
import type { Outcome } from "../store/delivery-report.ts";

/** Returns the figures of what a job came to, for the run of it that is counted. */
export function outcomeMetrics({ delivered, gone, handedOn }: Outcome): Metrics {
  const figures = { Deliveries: delivered, Gone: gone, Queued: 0, GivenUp: 0 };
  for (const { deliveries, isGivenUp } of handedOn) {
    figures[isGivenUp ? "GivenUp" : "Queued"] += deliveries;
  }
  return figures;
}

import * as awsx from "@pulumi/awsx";

const { ExpressionWidgetMetric, SingleNumberMetricWidget } = awsx.classic.cloudwatch;

export type NumberWidgetArgs = {
  title: string;
  /** Minutes up to now, all of which the number is of. */
  minutes: number;
  /** Metric math over the ids of the metrics. */
  expression: string;
  metrics: awsx.classic.cloudwatch.Metric[];
};

/** One number of a whole time up to now: @pulumi/awsx itself has only that of the last period. */
export class NumberWidget extends SingleNumberMetricWidget {
  readonly #minutes: number;

  constructor({ title, minutes, expression, metrics }: NumberWidgetArgs) {
    const shown = new ExpressionWidgetMetric(expression, title);
    const period = minutes * 60;
    const hidden = metrics.map((metric) => metric.withVisible(false).withPeriod(period));
    super({ title, width: 6, height: 6, period, metrics: [shown, ...hidden] });
    this.#minutes = minutes;
  }

  override addWidgetJson(
    ...args: Parameters<awsx.classic.cloudwatch.SingleNumberMetricWidget["addWidgetJson"]>
  ): void {
    super.addWidgetJson(...args);
    const widget = args[0].at(-1);
    if (widget === undefined) return;
    widget.properties = {
      ...widget.properties,
      start: `-PT${this.#minutes}M`,
      setPeriodToTimeRange: true,
      singleValueFullPrecision: true,
    };
  }
}

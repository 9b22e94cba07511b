import type { HttpResult } from "./http-event.ts";

const titles = {
  400: "Bad Request",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  500: "Internal Server Error",
  503: "Service Unavailable",
};

/** A request that cannot be done: thrown where that is found, answered as RFC 9457 says. */
export class Problem extends Error {
  readonly status: keyof typeof titles;

  /** `detail` says what is wrong and what would be right. */
  constructor(status: keyof typeof titles, detail: string) {
    super(detail);
    this.name = "Problem";
    this.status = status;
  }

  get result(): HttpResult {
    const { status, message: detail } = this;
    return {
      statusCode: status,
      headers: { "content-type": "application/problem+json" },
      body: JSON.stringify({ title: titles[status], status, detail }),
    };
  }
}

/** A number, or undefined where there is no data. */
export type Value = number | undefined;

/** What the ids of an expression stand for, in one period. */
export type Values = {
  /** Throws for an id that there is not. */
  of: (id: string) => Value;
  periodSeconds: number;
};

// `+ - * /`, parentheses, numbers, ids, FILL(id, number), which is the number where there is no data, and
// PERIOD(id), the seconds of a period. What has no data in one of its parts has none itself, as has a
// division by 0.
const tokenForm = /\s*(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|[A-Za-z_]\w*|[-+*/(),])/y;

/**
 * Evaluates an expression of metric math, as far as dashboards of ours have it. Throws an Error that names the place of
 * what is not understood.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
export function evaluate(expression: string, { of, periodSeconds }: Values): Value {
  const tokens = tokensOf(expression);
  let at = 0;

  const take = (token: string) => {
    if (tokens[at] !== token) throw unknown(expression, tokens[at] ?? "its end");
    at++;
  };

  function sum(): Value {
    let value = product();
    while (tokens[at] === "+" || tokens[at] === "-") {
      const sign = tokens[at++] === "+" ? 1 : -1;
      value = both(value, product(), (one, other) => one + sign * other);
    }
    return value;
  }

  function product(): Value {
    let value = unary();
    while (tokens[at] === "*" || tokens[at] === "/") {
      const isTimes = tokens[at++] === "*";
      value = both(value, unary(), (one, other) => (isTimes ? one * other : quotient(one, other)));
    }
    return value;
  }

  function unary(): Value {
    if (tokens[at] !== "-") return primary();
    at++;
    return both(0, unary(), (zero, value) => zero - value);
  }

  function primary(): Value {
    const token = tokens[at++] ?? "its end";
    if (/^\d/.test(token)) return Number(token);
    if (token === "(") return enclosed();
    if (token === "PERIOD") {
      take("(");
      enclosed();
      return periodSeconds;
    }
    if (token === "FILL") {
      take("(");
      const value = sum();
      take(",");
      const filling = enclosed();
      return value ?? filling;
    }
    if (/^[a-z]\w*$/.test(token)) return of(token);
    throw unknown(expression, token);
  }

  function enclosed(): Value {
    const value = sum();
    take(")");
    return value;
  }

  const value = sum();
  if (at < tokens.length) throw unknown(expression, tokens[at] ?? "");
  return value;
}

function tokensOf(expression: string): string[] {
  const tokens: string[] = [];
  tokenForm.lastIndex = 0;
  const text = expression.trimEnd();
  while (tokenForm.lastIndex < text.length) {
    const { lastIndex } = tokenForm;
    const [, token] = tokenForm.exec(text) ?? [];
    if (token === undefined) throw unknown(expression, text.slice(lastIndex));
    tokens.push(token);
  }
  return tokens;
}

function both(one: Value, other: Value, combine: (one: number, other: number) => Value): Value {
  return one === undefined || other === undefined ? undefined : combine(one, other);
}

function quotient(one: number, other: number): Value {
  return other === 0 ? undefined : one / other;
}

function unknown(expression: string, where: string): Error {
  return new Error(`The metric math "${expression}" is not understood at "${where}".`);
}

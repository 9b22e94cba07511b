import type { Intercept } from "./hooked-table.ts";

export const tableFailure = { message: "DynamoDB failed" };

/** Leaves every request to `act` that has this text in it, and sends the others. */
export function on(part: string, act: Intercept): Intercept {
  return (request, send) => (request.includes(part) ? act(request, send) : send());
}

/** DynamoDB applies it and answers with an error, and so the SDK sends it again. */
export const again: Intercept = async (_request, send) => {
  await send();
  return send();
};

/** DynamoDB applies it and answers with an error, each time until the SDK gives up. */
export const applied: Intercept = async (_request, send) => {
  await send();
  throw new Error(tableFailure.message);
};

/** DynamoDB does not apply it, and answers with an error until the SDK gives up. */
export const unapplied: Intercept = () => Promise.reject(new Error(tableFailure.message));

/** The instance ends before it sends this: nothing more of the task happens. */
export function killing(onKilled: () => void): Intercept {
  return () => {
    onKilled();
    return new Promise(() => undefined);
  };
}

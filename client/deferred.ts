/** A promise that others settle; nobody has to wait for it. */
export type Deferred<Value> = {
  promise: Promise<Value>;
  resolve: (value: Value) => void;
  reject: (reason?: unknown) => void;
};

export function deferred<Value = void>(): Deferred<Value> {
  const made = {} as Deferred<Value>;
  made.promise = new Promise((resolve, reject) => {
    Object.assign(made, { resolve, reject });
  });
  made.promise.catch(() => undefined);
  return made;
}

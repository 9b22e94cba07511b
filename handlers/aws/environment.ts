/**
 * Reads variables that infra sets on the function, once, when the function is loaded.
 * Throws an Error that names every variable that is missing or empty.
 */
export function readEnvironment<Name extends string>(...names: Name[]): Record<Name, string> {
  const missing = names.filter((name) => !process.env[name]);
  if (missing.length > 0) {
    throw new Error(`Not set in the function's environment: ${missing.join(", ")}.`);
  }
  const values = names.map((name) => [name, process.env[name]]);
  return Object.fromEntries(values) as Record<Name, string>;
}

import { createRequire, Module } from "node:module";

// @pulumi/pulumi loads npm's dependency tree builder and TypeScript, more than half of the time that it
// takes to load at all, and needs them only to serialize a closure, which this program has none of. Each
// stands in Node's module cache as a proxy that loads the package when anything of it is asked for.

const { cache, resolve } = createRequire(import.meta.url);
const requireOfPulumi = createRequire(resolve("@pulumi/pulumi"));

for (const name of ["@npmcli/arborist", "typescript"]) {
  const path = requireOfPulumi.resolve(name);
  cache[path] ??= lazy(path);
}

function lazy(path: string): Module {
  let loaded: object | undefined;
  const load = () => {
    if (loaded === undefined) {
      Reflect.deleteProperty(cache, path);
      loaded = requireOfPulumi(path) as object;
    }
    return loaded;
  };
  const module = new Module(path);
  module.filename = path;
  module.loaded = true;
  module.exports = new Proxy(
    {},
    {
      // What TypeScript's helpers for imports look at, and they copy all that is there if it is not.
      get: (_, key) => (key === "__esModule" ? true : (Reflect.get(load(), key) as unknown)),
      has: (_, key) => Reflect.has(load(), key),
      ownKeys: () => Reflect.ownKeys(load()),
    },
  );
  return module;
}

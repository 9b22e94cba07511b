import type { Plugin } from "esbuild";

/**
 * Leaves HTTP/2 out of undici, which loads Node's own with it: that is a twentieth of a cold start, and for nothing,
 * since a pool that does not ask for HTTP/2 never offers it.
 */
export const withoutHttp2: Plugin = {
  name: "without-http2",
  setup(build) {
    build.onLoad({ filter: /undici[\\/]lib[\\/]dispatcher[\\/]client-h2\.js$/ }, () => ({
      contents: "module.exports = undefined;",
    }));
  },
};

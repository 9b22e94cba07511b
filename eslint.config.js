import eslint from "@eslint/js";
import { defineConfig } from "eslint/config";
import { createNodeResolver, importX } from "eslint-plugin-import-x";
import tseslint from "typescript-eslint";

/** Files of `target` import none of `from`, which are folders of the project or files in them. */
const apart = (target, from, message) => ({ target: [target].flat(), from, message });

// The directions of imports. A room of handlers/ may import those below it:
//
//   the Lambdas -> actions -> delivery -> store -> aws, protocol;   the Lambdas, actions -> auth -> protocol
const rooms = {
  protocol: ["aws", "auth", "store", "delivery", "actions"],
  aws: ["protocol", "auth", "store", "delivery", "actions"],
  auth: ["aws", "store", "delivery", "actions"],
  store: ["auth", "delivery", "actions"],
  delivery: ["auth", "actions"],
  actions: [],
};
const directions = [
  ...Object.entries(rooms).map(([room, above]) => ({
    target: `./handlers/${room}`,
    from: [...above.map((name) => `./handlers/${name}/**`), "./handlers/*.ts"],
    message: `handlers/${room} knows nothing above it: see the directions in eslint.config.js.`,
  })),
  apart("./handlers", ["./infra", "./local", "./tools"], "handlers/ runs on AWS, alone."),
  apart(
    "./client",
    ["./handlers", "./infra", "./local", "./tools"],
    "client/ runs in a browser, alone.",
  ),
  apart(
    "./infra",
    ["./local", "./bench"],
    "infra/ is what is built on AWS, whoever stands in for it.",
  ),
  {
    target: "./infra",
    from: "./handlers",
    // The facts that both sides hold: what the environment has, what is measured, and the limits of the wire.
    except: ["./aws/environment.ts", "./aws/metrics.ts", "./protocol/limits.ts"],
    message:
      "infra/ bundles handlers/ from their path, and imports only their environment, metrics and limits.",
  },
  apart(
    "./console",
    ["./infra", "./handlers"],
    "console/ knows a stack by its protocol, and a local one by what local/ shows of it.",
  ),
  apart("./console/page", ["./console/server"], "console/page/ runs in a browser."),
  apart("./local", ["./infra", "./handlers"], "local/ knows the program through Pulumi's mocks."),
  apart(
    "./local/gateway",
    ["./local/http", "./local/websocket"],
    "local/gateway/ is what the two gateways share, and knows neither.",
  ),
  {
    target: "./local/shared",
    from: "./local",
    except: ["./shared"],
    message: "local/shared/ is what every local service may use, and knows none of them.",
  },
];
const pulumi = {
  patterns: [
    { group: ["@pulumi/*"], message: "Only index.ts, infra/ and local/graph/ know Pulumi." },
  ],
};

export default defineConfig(
  { ignores: ["node_modules/", "build/", "client/dist/"] },
  eslint.configs.recommended,
  {
    files: ["**/*.{ts,tsx}"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    plugins: { "import-x": importX },
    settings: {
      "import-x/resolver-next": [createNodeResolver({ extensions: [".ts", ".tsx", ".js"] })],
      // Without these no-cycle reads no file, and finds nothing.
      "import-x/extensions": [".ts", ".tsx"],
      "import-x/parsers": { "@typescript-eslint/parser": [".ts", ".tsx"] },
    },
    rules: {
      curly: ["error", "multi-line"],
      "@typescript-eslint/consistent-type-definitions": ["error", "type"],
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/naming-convention": [
        "error",
        { selector: "typeLike", format: ["PascalCase"] },
        { selector: ["variable", "parameter", "function"], format: ["camelCase", "PascalCase"] },
        // What others have named: AWS's fields and environment variables, taken apart.
        { selector: ["variable", "parameter"], modifiers: ["destructured"], format: null },
        { selector: "parameter", modifiers: ["unused"], format: null },
      ],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "import-x/no-cycle": "error",
      "import-x/no-duplicates": ["error", { "prefer-inline": true }],
      "import-x/no-restricted-paths": ["error", { zones: directions }],
      "no-restricted-syntax": [
        "error",
        { selector: "ExportDefaultDeclaration", message: "Exports have names." },
      ],
    },
  },
  // A module of text has nothing else to export.
  { files: ["handlers/protocol/served-client.d.ts"], rules: { "no-restricted-syntax": "off" } },
  {
    files: ["handlers/**", "local/**"],
    ignores: ["local/graph/**"],
    rules: { "no-restricted-imports": ["error", pulumi] },
  },
  {
    files: ["test/**"],
    rules: {
      // mocha's describe and it are fire-and-forget by design.
      "@typescript-eslint/no-floating-promises": "off",
      "@typescript-eslint/no-unused-expressions": "off",
    },
  },
);

import eslint from "@eslint/js";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

const pulumi = {
  group: ["@pulumi/*"],
  message: "Only index.ts, infra/ and local/graph/ know Pulumi.",
};
const forbid = (...patterns) => ({ "no-restricted-imports": ["error", { patterns }] });

export default defineConfig(
  { ignores: ["node_modules/"] },
  eslint.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      "@typescript-eslint/consistent-type-definitions": ["error", "type"],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "no-restricted-syntax": [
        "error",
        { selector: "ExportDefaultDeclaration", message: "Exports have names." },
      ],
    },
  },
  // The directions of imports: index.ts -> infra; handlers/*.ts -> handlers/channels;
  // local -> index.ts through Pulumi's mocks, never infra or handlers directly.
  { files: ["infra/**"], rules: forbid({ group: ["**/handlers/**", "**/local/**"] }) },
  { files: ["handlers/**"], rules: forbid(pulumi, { group: ["**/infra/**", "**/local/**"] }) },
  {
    files: ["local/**"],
    ignores: ["local/graph/**"],
    rules: forbid(pulumi, { group: ["**/infra/**", "**/handlers/**"] }),
  },
  { files: ["local/graph/**"], rules: forbid({ group: ["**/infra/**", "**/handlers/**"] }) },
  {
    files: ["test/**"],
    rules: {
      // mocha's describe and it are fire-and-forget by design.
      "@typescript-eslint/no-floating-promises": "off",
      "@typescript-eslint/no-unused-expressions": "off",
    },
  },
);

import * as pulumi from "@pulumi/pulumi";
import { key, read, refused } from "./config-key.ts";

/** Who may connect, subscribe and publish. */
export type Auth =
  /** Callers that sign with an AWS identity that may invoke the APIs. */
  | { mode: "iam" }
  /** Callers with a token of this issuer for this audience, as far as its claims go. */
  | { mode: "jwt"; issuer: string; audience: string }
  /** Everyone with the URLs. */
  | { mode: "none" };

const modes = ["iam", "jwt", "none"] as const;

// The claim "iss" has to be the same text.
const issuer = /^https:\/\/[^\s/?#@]+(\/[^\s?#]*)?$/;
const localIssuer = /^http:\/\/(127\.0\.0\.1|localhost):\d+(\/[^\s?#]*)?$/;

/** The local stack's own issuer has no TLS. Only there does the program run without an engine. */
function isIssuer(url: string): boolean {
  return issuer.test(url) || (!pulumi.runtime.hasEngine() && localIssuer.test(url));
}

/** The keys of the stack config that choose the mode. */
export const authKeys = {
  auth: key({
    expected:
      'iam (AWS signatures), jwt (tokens) or none, which lets everyone with the URLs in: "pulumi config set auth iam"',
    parse: (value) => modes.find((mode) => mode === value),
    byDefault: "iam",
  }),
  jwtIssuer: key({
    expected:
      'the https URL of an OpenID Connect issuer: "pulumi config set jwtIssuer https://issuer.example"',
    parse: (value) => (isIssuer(value) ? value : undefined),
  }),
  jwtAudience: key({
    expected:
      'the audience of the tokens, without spaces: "pulumi config set jwtAudience channels"',
    parse: (value) => (/^\S+$/.test(value) ? value : undefined),
  }),
};

/**
 * Reads the three keys; warns if everyone may connect.
 * Throws a `pulumi.RunError` of one line that names the key, its value and the remedy.
 */
export function readAuth(): Auth {
  const mode = read("auth", authKeys.auth);
  if (mode === "jwt") {
    return {
      mode,
      issuer: read("jwtIssuer", authKeys.jwtIssuer),
      audience: read("jwtAudience", authKeys.jwtAudience),
    };
  }
  for (const name of ["jwtIssuer", "jwtAudience"]) refuse(name, mode);
  if (mode === "none") {
    void pulumi.log.warn(
      "auth is none: everyone with the URLs may connect, subscribe, publish and close connections.",
    );
  }
  return { mode };
}

function refuse(name: string, mode: string): void {
  const value = new pulumi.Config().get(name);
  // Pulumi.yaml defaults to the empty text for a key that is not set.
  if (!value) return;
  const remedy = `no value with auth ${mode}: "pulumi config rm ${name}"`;
  throw refused(name, value, remedy);
}

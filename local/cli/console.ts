import { openAccess, signedAccess, tokenAccess, type Access } from "../../console/server/access.ts";
import { stackEvents } from "../../console/server/events.ts";
import { serveConsole } from "../../console/server/server.ts";
import { figureOf, type Figure } from "../cloudwatch/figures.ts";
import { systemClock } from "../shared/clock.ts";
import { close, listen } from "../shared/listen.ts";
import type { Options } from "./options.ts";
import { faultKinds } from "./read-faults.ts";
import type { LocalStack, StackOptions } from "./stack.ts";

/** A console that looks at the stack of `npm start` or `npm run dev`. */
export type LocalConsole = {
  /** What the stack has to be started with, so that the console sees it. */
  looks: Pick<StackOptions, "onLog" | "observe" | "faults">;
  /** Serves the page for the stack that there is when it is asked. Returns its URL. */
  serve(stack: () => LocalStack): string;
  close(): Promise<void>;
};

/** Takes the console's port. Throws a StartError if it cannot be used. */
export async function localConsole(
  { consolePort, faultSwitch, stack: name }: Pick<Options, "consolePort" | "faultSwitch" | "stack">,
  printLog: StackOptions["onLog"],
): Promise<LocalConsole> {
  const server = await listen(consolePort, "--console-port");
  const events = stackEvents();
  return {
    looks: {
      onLog(functionName, line) {
        printLog(functionName, line);
        events.onLog(functionName, line);
      },
      observe: events.observe,
      faults: faultSwitch.faults,
    },
    serve(stack) {
      const target = () => {
        const { websocketUrl, httpUrl } = stack().outputs;
        const access = accessOf(stack());
        return { name, websocketUrl: String(websocketUrl), httpUrl: String(httpUrl), access };
      };
      const local = {
        events,
        faults: { ...faultSwitch, kinds: faultKinds },
        graph: () => stack().graph,
        figures: () => figuresOf(stack()),
      };
      return serveConsole(server, target, local).url;
    },
    close: () => close(server),
  };
}

/** Minutes of the figures that the page draws, where a widget has no time of its own. */
const shownMinutes = 15;

function figuresOf({ description, metrics }: LocalStack): Figure[] {
  const time = { now: systemClock.now(), minutes: shownMinutes };
  const widgets = description.dashboards.flatMap((dashboard) => dashboard.widgets);
  return widgets.map((widget) => figureOf(widget, metrics, time));
}

function accessOf({ user, issuer, description: { region } }: LocalStack): Access {
  if (issuer !== undefined) {
    const all = { subscribe: ["*"], publish: ["*"], presence: ["*"] };
    const claims = { sub: "console", ...all, admin: true };
    return tokenAccess(() => issuer.sign(claims));
  }
  if (user === undefined) return openAccess;
  return signedAccess(async () => {
    const { hashOf } = await import("../../tools/aws-signing.ts");
    return { region, credentials: user, sha256: hashOf(region) };
  });
}

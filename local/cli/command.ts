import { StartError } from "../shared/start-error.ts";
import { help, readOptions, type Options } from "./options.ts";

/**
 * Runs a command with the options of this process's command line, or prints what these are.
 * `stopped` resolves at Ctrl-C. A StartError is one line for the user, and exit code 1.
 */
export async function run(
  command: (options: Options, stopped: Promise<void>) => Promise<void>,
): Promise<void> {
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"]) {
      process.once(signal, () => {
        resolve();
      });
    }
  });
  try {
    const options = readOptions(process.argv.slice(2));
    if (options === undefined) console.log(help);
    else await command(options, stopped);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}

/** What we use of dynalite, which has no declarations of its own. */
declare module "dynalite" {
  import type { Server } from "node:http";

  /** A server that is not listening, with its tables in memory. */
  function dynalite(options: {
    /** Milliseconds that a table is in status CREATING. */
    createTableMs: number;
    deleteTableMs: number;
    updateTableMs: number;
  }): Server;
  export = dynalite;
}

/** The part of dynalite that is used here. It has no declarations of its own. */
declare module "dynalite" {
  import type { Server } from "node:http";

  /** Returns a server that does not listen, with its tables in memory. */
  function dynalite(options: {
    /** Milliseconds for which a new table is in status CREATING. */
    createTableMs: number;
    deleteTableMs: number;
    updateTableMs: number;
  }): Server;
  export = dynalite;
}

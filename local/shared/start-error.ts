/** Thrown if the local stack cannot start for a reason that its user can mend. The message says how. */
export class StartError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "StartError";
  }
}

/** Returns the number of a message in its channel. */
export function sequenceOf(id: string): number {
  return Number(id.split("-")[1]);
}

/** Returns the id of the message before one. */
export function idBefore(id: string): string {
  return `${epochOf(id)}-${sequenceOf(id) - 1}`;
}

/** Returns whether a message comes after another of its channel, or belongs to another life of that. */
export function isAfter(id: string, other: string): boolean {
  return epochOf(id) !== epochOf(other) || sequenceOf(id) > sequenceOf(other);
}

function epochOf(id: string): string {
  return id.split("-")[0] ?? "";
}

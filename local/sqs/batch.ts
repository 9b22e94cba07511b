import { SqsError } from "./errors.ts";
import type { Input } from "./input.ts";

const maxEntries = 10;

/** Reads the entries of a batch. Throws an SqsError if SQS would refuse the batch as a whole. */
export function batchEntries(input: Input): Input[] {
  const entries = input.entries("Entries");
  if (entries.length === 0) {
    throw new SqsError("EmptyBatchRequest", "There should be at least one entry in the request.");
  }
  if (entries.length > maxEntries) {
    throw new SqsError(
      "TooManyEntriesInBatchRequest",
      `Maximum number of entries per request are ${maxEntries}. You have sent ${entries.length}.`,
    );
  }
  const ids = entries.map((entry) => entry.text("Id"));
  for (const [index, id] of ids.entries()) {
    if (!/^[\w-]{1,80}$/.test(id)) {
      throw new SqsError(
        "InvalidBatchEntryId",
        "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.",
      );
    }
    if (ids.indexOf(id) !== index) {
      throw new SqsError("BatchEntryIdsNotDistinct", `Id ${id} repeated.`);
    }
  }
  return entries;
}

/** Performs an operation for every entry. An entry that fails does not fail the others. */
export function forEach(entries: Input[], perform: (entry: Input) => object): object {
  const successful: object[] = [];
  const failed: object[] = [];
  for (const entry of entries) {
    const Id = entry.text("Id");
    try {
      successful.push({ Id, ...perform(entry) });
    } catch (error) {
      if (!(error instanceof SqsError)) throw error;
      failed.push({ Id, SenderFault: true, Code: error.code, Message: error.message });
    }
  }
  return { Successful: successful, ...(failed.length > 0 && { Failed: failed }) };
}

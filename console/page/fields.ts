/** Returns the text of a field of the form that is submitted, and keeps the page where it is. */
export function submitted(event: SubmitEvent): (name: string) => string {
  event.preventDefault();
  const data = new FormData(event.currentTarget as HTMLFormElement);
  return (name) => {
    const value = data.get(name);
    return typeof value === "string" ? value : "";
  };
}

/** Returns the channels that a text names, with spaces or commas in between. */
export function channelsIn(text: string): string[] {
  return text.split(/[\s,]+/).filter((name) => name !== "");
}

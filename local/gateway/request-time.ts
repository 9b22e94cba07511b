const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Formats a time as API Gateway does in events, as in `12/Mar/2020:19:03:58 +0000`. */
export function requestTime(epochMilliseconds: number): string {
  const iso = new Date(epochMilliseconds).toISOString();
  const [year, month, day] = iso.slice(0, 10).split("-");
  return `${day}/${months[Number(month) - 1]}/${year}:${iso.slice(11, 19)} +0000`;
}

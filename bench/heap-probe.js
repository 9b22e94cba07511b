// Goes into a function's archive, in front of its handler, and logs the most memory that was live.
import console from "node:console";
import { clearInterval, setInterval } from "node:timers";
import { getHeapStatistics } from "node:v8";
import { handler as probed } from "./index.mjs";

export async function handler(event, context) {
  let most = 0;
  const look = () => {
    globalThis.gc();
    const { used_heap_size, external_memory } = getHeapStatistics();
    most = Math.max(most, used_heap_size + external_memory);
  };
  const timer = setInterval(look, 200);
  try {
    return await probed(event, context);
  } finally {
    clearInterval(timer);
    look();
    console.log(JSON.stringify({ liveBytes: most }));
  }
}

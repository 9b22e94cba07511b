// undici's pool alone: its whole entry would add half a megabyte to each bundle.
declare module "undici/lib/dispatcher/pool.js" {
  export { Pool as default } from "undici";
}

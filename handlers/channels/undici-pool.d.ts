// undici's pool alone: its whole entry would add half a megabyte to each bundle.
declare module "undici/lib/dispatcher/pool.js" {
  // eslint-disable-next-line import-x/no-default-export -- it is CommonJS: this is its module.exports
  export { Pool as default } from "undici";
}

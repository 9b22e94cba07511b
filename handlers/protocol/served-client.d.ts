/** The module of client/ as text: tools/bundle.ts puts it here. */
declare module "websocket-channels-client/served" {
  const text: string;
  export default text;
}

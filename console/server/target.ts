import type { StackInfo } from "../api.ts";
import type { Access } from "./access.ts";

/** The stack that the console looks at. */
export type Target = Pick<StackInfo, "name" | "websocketUrl" | "httpUrl"> & { access: Access };

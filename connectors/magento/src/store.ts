/** The door to a store's REST API: everything that asks, where the Platform only listens. */
export { openStoreReader } from "./reader.ts";

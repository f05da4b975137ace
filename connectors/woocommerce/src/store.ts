/** The door to a store's REST API: everything that asks, where the Platform only listens. */
export { acceptGrant, authoriseUrl, type Grant, type GrantRequest } from "./authorise.ts";
export { openStoreReader } from "./reader.ts";

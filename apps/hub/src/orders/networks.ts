import type { NetworkWithin } from "../network/move.ts";
import type { DirectoryCache } from "./directories.ts";

/** Companies' networks for acts that judge by them inside of a transaction. */
export function networksWithin(directories: DirectoryCache): NetworkWithin {
  return {
    ready: (companyId) => directories.ready(companyId),
    current: async (tx, companyId) => (await directories.current(tx, companyId)).network,
  };
}

import { sqlState } from "./connect.ts";

const ATTEMPTS = 4;

/** Thrown in a transaction that finds, after it looked, that another one was faster: it is to be undone and run again. */
export class Overtaken extends Error {
  override name = "Overtaken";
}

/**
 * Runs a transaction again that lost to another one over the same order: a unique key, a
 * serialisation conflict, a deadlock. The second time it finds what the other wrote.
 */
export async function retryPassing<T>(transaction: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await transaction();
    } catch (error) {
      const passing = error instanceof Overtaken || /^(23505|40001|40P01)$/.test(sqlState(error) ?? "");
      if (attempt === ATTEMPTS || !passing) throw error;
      await new Promise((resolve) => setTimeout(resolve, 5 * 2 ** attempt * (0.5 + Math.random())));
    }
  }
}

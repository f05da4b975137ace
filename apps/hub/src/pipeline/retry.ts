import { sqlState } from "../db/connect.ts";

const ATTEMPTS = 4;

/**
 * Runs a transaction again that lost to another one over the same order: a unique key, a
 * serialisation conflict, a deadlock. The second time it finds what the other wrote.
 */
export async function retryPassing<T>(transaction: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await transaction();
    } catch (error) {
      if (attempt === ATTEMPTS || !/^(23505|40001|40P01)$/.test(sqlState(error) ?? "")) throw error;
      await new Promise((resolve) => setTimeout(resolve, 5 * 2 ** attempt * (0.5 + Math.random())));
    }
  }
}

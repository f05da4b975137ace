import { canonicalJson, type Json } from "../json.ts";
import type { Plan } from "./schema.ts";
import { sha256Hex } from "./sha256.ts";

const hashes = new WeakMap<Plan, string>();

/** The plan's content address: SHA-256 over its canonical JSON, in hex. The same document hashes alike everywhere. */
export function planHash(plan: Plan): string {
  const known = hashes.get(plan);
  if (known !== undefined) return known;
  const hash = sha256Hex(canonicalJson(plan as unknown as Json));
  hashes.set(plan, hash);
  return hash;
}

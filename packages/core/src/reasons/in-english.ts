import { ENGLISH } from "./english.ts";
import type { Reason } from "./reason.ts";
import { sayReason } from "./say.ts";

/** A reason in English. */
export function inEnglish(reason: Reason): string {
  return sayReason(reason, ENGLISH);
}

import type { Env } from "../env.ts";

/** Where shops reach this hub: the setting, or the address a request came to, which fits a hub that is tried out at home. */
export function publicUrlOf(env: Pick<Env, "publicUrl">, requestUrl: string): string {
  return (env.publicUrl ?? new URL(requestUrl).origin).replace(/\/+$/, "");
}

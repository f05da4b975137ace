import type { Env } from "../env.ts";

/** Where shops reach this hub: the setting, or the address a request came to, which fits a hub that is tried out at home. */
export function publicUrlOf(env: Pick<Env, "publicUrl">, requestUrl: string): string {
  return (env.publicUrl ?? new URL(requestUrl).origin).replace(/\/+$/, "");
}

/** The same where no request came, as for a command: the setting, or where the hub listens. */
export function listeningUrlOf(env: Pick<Env, "publicUrl" | "host" | "port">): string {
  const host = ["0.0.0.0", "::"].includes(env.host) ? "127.0.0.1" : env.host;
  return publicUrlOf(env, `http://${host.includes(":") ? `[${host}]` : host}:${env.port}`);
}

/** Where people open the hub: as shops do, and at home by the name that passkeys work with, which an address of numbers is not. */
export function peopleUrlOf(env: Pick<Env, "publicUrl" | "port">, port: number = env.port): string {
  return publicUrlOf(env, `http://localhost:${port}`);
}

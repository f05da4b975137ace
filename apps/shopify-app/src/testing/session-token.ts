import { createHmac } from "node:crypto";
import { API_SECRET } from "./open-test-app.ts";

/** A session token as App Bridge gives it: a JWT of one minute, signed with the app's secret. */
export function sessionToken(shop: string, claims: Readonly<Record<string, unknown>> = {}): string {
  const now = Math.floor(Date.now() / 1000);
  const dest = `https://${shop}`;
  const payload = {
    ...{ iss: `${dest}/admin`, dest, aud: "client-of-the-tests", sub: "1" },
    ...{ exp: now + 60, nbf: now - 5, iat: now - 5, jti: crypto.randomUUID(), sid: "s", ...claims },
  };
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = `${part({ alg: "HS256", typ: "JWT" })}.${part(payload)}`;
  return `${text}.${createHmac("sha256", API_SECRET).update(text).digest("base64url")}`;
}

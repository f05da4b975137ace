import { z } from "zod";
import type { Fetch } from "./outgoing.ts";

const TIMEOUT_MS = 8_000;

const tokenAnswer = z.object({
  access_token: z.string().min(1),
  scope: z.string().default(""),
  expires_in: z.number().positive().nullish(),
  refresh_token: z.string().min(1).nullish(),
  refresh_token_expires_in: z.number().positive().nullish(),
});

export interface RenewedToken {
  readonly accessToken: string;
  readonly scope: string;
  readonly expires: Date | null;
  /** Null where the answer named none: the one that was shown is still the newest. */
  readonly refreshToken: string | null;
  readonly refreshTokenExpires: Date | null;
}

/** What Shopify said to a refresh token. `refused` is final: only the merchant, by opening the app, can give a new one. */
export type Renewal =
  | { readonly kind: "renewed"; readonly token: RenewedToken }
  | { readonly kind: "refused"; readonly status: number }
  | { readonly kind: "unavailable"; readonly why: string };

/** Shows a refresh token, which Shopify accepts once. `at` is the time that expiries are counted from. */
export async function renewToken(
  app: { readonly apiKey: string; readonly apiSecret: string; readonly fetch: Fetch },
  { shop, refreshToken, at }: { shop: string; refreshToken: string; at: Date },
): Promise<Renewal> {
  let response: Response;
  try {
    response = await app.fetch(`https://${shop}/admin/oauth/access_token`, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify({
        client_id: app.apiKey,
        client_secret: app.apiSecret,
        grant_type: "refresh_token",
        refresh_token: refreshToken,
      }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (error) {
    return {
      kind: "unavailable",
      why: error instanceof Error && error.name === "TimeoutError" ? "no answer in time" : "not reached",
    };
  }
  const passing = response.status === 408 || response.status === 429 || response.status >= 500;
  if (passing) return { kind: "unavailable", why: `HTTP ${response.status}` };
  if (!response.ok) return { kind: "refused", status: response.status };
  const parsed = tokenAnswer.safeParse(await response.json().catch(() => null));
  if (!parsed.success) return { kind: "unavailable", why: "an answer without a token" };
  const { access_token, scope, expires_in, refresh_token, refresh_token_expires_in } = parsed.data;
  const after = (seconds: number | null | undefined) => (seconds ? new Date(at.getTime() + seconds * 1000) : null);
  return {
    kind: "renewed",
    token: {
      accessToken: access_token,
      scope,
      expires: after(expires_in),
      refreshToken: refresh_token ?? null,
      refreshTokenExpires: after(refresh_token_expires_in),
    },
  };
}

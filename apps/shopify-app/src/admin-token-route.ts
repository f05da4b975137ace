import { createHash, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { problem } from "./problem.ts";
import { shopDomain } from "./shops.ts";
import { NoToken, type TokenKeeper } from "./token-keeper.ts";

const STATUS = { "not-installed": 404, "needs-reopen": 409, unavailable: 503 } as const;

const asked = z.object({ shop: z.string() });

/** `POST /service/admin-token`: the hub asks for a shop's token, and does its reading itself. */
export async function answerAdminToken(
  parts: { readonly keeper: TokenKeeper; readonly hubsKey: string },
  request: Request,
): Promise<Response> {
  if (request.method !== "POST") return problem(405, "method-not-allowed", "Send POST.");
  if (!showsKey(request, parts.hubsKey))
    return problem(401, "unauthorized", "Send `Authorization: Bearer` with the value of UPLINE_SHOPIFY_APP_KEY.");
  const body = asked.safeParse(await request.json().catch(() => null));
  const shop = body.success ? shopDomain(body.data.shop) : null;
  if (shop === null) return problem(400, "bad-request", '"shop": the permanent domain, such as x.myshopify.com.');
  try {
    const { accessToken, expiresAt, scopes } = await parts.keeper.tokenOf(shop);
    const answer = { accessToken, expiresAt: expiresAt?.toISOString() ?? null, scopes };
    return Response.json(answer, { headers: { "cache-control": "no-store" } });
  } catch (error) {
    if (error instanceof NoToken) return problem(STATUS[error.kind], error.kind, error.message);
    throw error;
  }
}

/** Compared by hashes of the same length, so that the time says nothing of the key. */
function showsKey(request: Request, key: string): boolean {
  const given = /^Bearer (.+)$/.exec(request.headers.get("authorization") ?? "")?.[1] ?? "";
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(key));
}

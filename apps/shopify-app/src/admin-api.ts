import { z } from "zod";
import type { Fetch } from "./outgoing.ts";
import type { TokenKeeper } from "./token-keeper.ts";

export const ADMIN_API_VERSION = "2026-10";

const TIMEOUT_MS = 10_000;

/** Shopify did not do what was asked of it; the message is for the merchant. */
export class AdminProblem extends Error {
  override name = "AdminProblem";
}

export interface AdminParts {
  readonly keeper: TokenKeeper;
  readonly fetch: Fetch;
}

const envelope = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(z.object({ message: z.string() })).nullish(),
});

/**
 * Asks a shop's Admin API, for what the screens do themselves; what is known of orders the hub reads. A token that Shopify
 * refuses is renewed once. Throws NoToken and AdminProblem.
 */
export async function askAdmin<Answer extends z.ZodType>(
  parts: AdminParts,
  { shop, document, variables = {}, answer }: { shop: string; document: string; variables?: object; answer: Answer },
): Promise<z.infer<Answer>> {
  for (const isLast of [false, true]) {
    const { accessToken } = await parts.keeper.tokenOf(shop);
    const response = await reach(parts.fetch, { shop, accessToken, body: JSON.stringify({ query: document, variables }) });
    if (response.status === 401 && !isLast) {
      await parts.keeper.distrust(shop, accessToken);
      continue;
    }
    if (!response.ok) throw new AdminProblem(`Shopify answered HTTP ${response.status}.`);
    const read = envelope.safeParse(await response.json().catch(() => null));
    const message = read.success ? read.data.errors?.[0]?.message : "an answer that is no GraphQL";
    if (message !== undefined) throw new AdminProblem(`Shopify answered: ${message}`);
    return answer.parse(read.data?.data);
  }
  throw new AdminProblem("Shopify does not accept the app's token.");
}

async function reach(fetch: Fetch, call: { shop: string; accessToken: string; body: string }): Promise<Response> {
  try {
    return await fetch(`https://${call.shop}/admin/api/${ADMIN_API_VERSION}/graphql.json`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-shopify-access-token": call.accessToken },
      body: call.body,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch {
    throw new AdminProblem("Shopify could not be reached.");
  }
}

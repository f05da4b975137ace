import { AdminProblem } from "../src/admin-api.ts";
import { hubOf, reconnect } from "../src/connect.ts";
import { findShop, shopDomain } from "../src/shops.ts";
import { type LoaderFunctionArgs, partsIn, redirect } from "./framework/server.ts";
import { shopifyOf } from "./framework/shopify.ts";
import { guardPage } from "./guard-page.server.ts";
import { reading } from "./page-data.server.ts";

/** A merchant at a page, who was let in by Shopify's session token. */
export type Visit = Awaited<ReturnType<typeof openVisit>>;

/** Who asks. Throws the answer for whoever is not let in yet: App Bridge's page, a token to fetch again, another address. */
export async function openVisit({ request, context }: Pick<LoaderFunctionArgs, "request" | "context">) {
  const parts = partsIn(context);
  const { searchParams } = new URL(request.url);
  const isDocument = !request.headers.has("authorization");
  if (isDocument && (shopDomain(searchParams.get("shop")) === null || !searchParams.get("host"))) throw guardPage(parts, request);
  const admin = await shopifyOf(parts).authenticate.admin(request);
  const { shop } = admin.session;
  const known = await findShop(parts.db, shop);
  const { row, isBack } = known === null ? { row: null, isBack: false } : await reading(() => reconnect(parts, known));
  return { ...parts, shop, row, isBack, redirect: admin.redirect };
}

/** The visit of a shop that has its company; the others are led to the first steps. */
export async function openConnected(args: Pick<LoaderFunctionArgs, "request" | "context">) {
  const visit = await openVisit(args);
  const { search } = new URL(args.request.url);
  const { row } = visit;
  if (row === null || row.hubKey === null || row.storeId === null) throw redirect(`/app/start${search}`);
  const { hubKey, storeId } = row;
  return { ...visit, row, storeId, asked: hubOf(visit, { shop: visit.shop, hubKey }) };
}

/**
 * Which of these permissions the shop has not given yet. A form that was sent again after the merchant gave them says so;
 * then a new token is taken, because a token carries the permissions it was made with. Throws NoToken, and AdminProblem
 * where Shopify still withholds one.
 */
export async function missingScopes(
  { keeper, shop }: Pick<Visit, "keeper" | "shop">,
  { form, wanted }: { form: FormData; wanted: readonly string[] },
): Promise<readonly string[]> {
  if (form.has("granted")) await keeper.distrust(shop);
  const { scopes } = await keeper.tokenOf(shop);
  const missing = wanted.filter((scope) => !scopes.includes(scope));
  if (form.has("granted") && missing.length > 0)
    throw new AdminProblem(`Shopify has not given the permission ${missing.join(", ")}.`);
  return missing;
}

import { randomBytes } from "node:crypto";
import { asCompany } from "../db/connect.ts";
import { HubError } from "../errors.ts";
import type { HubParts } from "../parts.ts";
import { acceptGrant, authoriseUrl } from "../platforms.ts";
import { sha256 } from "../secret-box.ts";
import { addressOf, giveRestKey, needWooStore } from "./access.ts";
import type { Admin } from "./agree.ts";
import { findGrant, insertGrant, takeGrant } from "./connection-queries.ts";

const STATE_MINUTES = 30;

/** Where to send the store's owner, who approves a REST key on WooCommerce's own page. Throws HubError. */
export async function beginGrant(
  parts: Pick<HubParts, "db">,
  args: { readonly admin: Admin; readonly storeId: string; readonly publicUrl: string },
): Promise<string> {
  const { admin, storeId, publicUrl } = args;
  const { companyId } = admin;
  const store = await needWooStore(parts, { companyId, storeId });
  if (!publicUrl.startsWith("https://")) {
    throw new HubError(
      "unprocessable",
      `WooCommerce hands keys to https addresses only, and this hub is at ${publicUrl}. Make a key in the shop (WooCommerce, Settings, Advanced, REST API) and give it with \`pnpm upline store rest\`.`,
    );
  }
  const state = randomBytes(24).toString("base64url");
  const expiresAt = new Date(Date.now() + STATE_MINUTES * 60_000);
  await asCompany(parts.db, companyId, (tx) =>
    insertGrant(tx, { companyId, storeId, stateHash: sha256(state), askedBy: admin.actor, expiresAt }),
  );
  return authoriseUrl({
    storeUrl: addressOf(store),
    appName: "Upline",
    state,
    returnUrl: `${publicUrl}/connect/woocommerce/authorized`,
    callbackUrl: `${publicUrl}/connect/woocommerce/keys`,
  });
}

/**
 * Takes the key that a store posts once its owner has approved. Nobody signs this body: the one-time
 * state says which store it is of, and the key is kept only after that store has accepted it. Throws HubError.
 */
export async function finishGrant(parts: Pick<HubParts, "db" | "box" | "env">, body: string): Promise<{ storeId: string }> {
  const grant = await acceptGrant(body, async (state) => {
    const stateHash = sha256(state);
    const bound = await findGrant(parts.db.gate, stateHash);
    if (bound === null) return null;
    const { companyId } = bound;
    return (await asCompany(parts.db, companyId, (tx) => takeGrant(tx, { companyId, stateHash }))) ? bound : null;
  });
  if (grant.kind === "refused") throw new HubError("unprocessable", `The key was not taken: ${grant.reason}.`);
  const { companyId, storeId, askedBy } = grant.bound;
  const { consumerKey, consumerSecret } = grant;
  await giveRestKey(parts, { companyId, storeId, consumerKey, consumerSecret, actor: askedBy });
  return { storeId };
}

import { randomBytes } from "node:crypto";
import type { PlatformName } from "@upline/core";
import { insertAudit, OPERATOR } from "../db/audit.ts";
import { asCompany, sqlState } from "../db/connect.ts";
import { sealerOf } from "../db/sealing.ts";
import { HubError, refused } from "../errors.ts";
import type { HubParts } from "../parts.ts";
import { hostOf } from "./domain.ts";
import { insertStore, insertStoreSecret } from "./queries.ts";

export interface NewStore {
  readonly companyId: number;
  readonly platform: PlatformName;
  /** `shop.example.com`; a whole address is cut down to its host. */
  readonly domain: string;
  readonly name?: string;
  /** What the shop signs its deliveries with. Made here for WooCommerce and Magento when absent. */
  readonly secret?: string;
  /** Where shops reach this hub, such as `https://hub.example.com`. */
  readonly publicUrl: string;
  readonly actor?: string;
}

export interface AddedStore {
  readonly storeId: string;
  readonly ingestUrl: string;
  /** The one address that a Shopify app's own subscriptions are sent to, for all shops; null for other platforms. */
  readonly appIngestUrl: string | null;
  /** Shown once; null for a store that only the Shopify app's own secret signs for. */
  readonly secret: string | null;
}

/** Adds a store of a company and the secret its deliveries are signed with. Throws HubError where the domain is taken. */
export async function addStore(parts: Pick<HubParts, "db" | "box" | "env">, args: NewStore): Promise<AddedStore> {
  const { companyId, platform, actor = OPERATOR } = args;
  const domain = hostOf(args.domain);
  const secret = secretFor(args, parts.env.shopifyAppSecrets.length > 0);
  const storeId = `st_${randomBytes(12).toString("base64url")}`;
  const name = args.name?.trim() || domain;
  try {
    await asCompany(parts.db, companyId, async (tx) => {
      await insertStore(tx, { companyId, storeId, platform, domain, name });
      if (secret !== null) {
        const seal = await sealerOf(tx, parts.box);
        await insertStoreSecret(tx, { companyId, storeId, ciphertext: seal(secret) });
      }
      await insertAudit(tx, { companyId, actor, act: "store.add", subject: storeId, details: { platform, domain } });
    });
  } catch (error) {
    if (sqlState(error) !== "23505") throw error;
    // The same answer whether the other store is this company's or another's.
    throw new HubError(
      "conflict",
      `A ${platform} store with the domain ${domain} is connected already: disconnect that store first, or check the domain.`,
      { fields: [{ path: "domain", message: "is taken by another store" }] },
    );
  }
  const base = args.publicUrl.replace(/\/+$/, "");
  return {
    storeId,
    ingestUrl: `${base}/ingest/${platform}/${storeId}`,
    appIngestUrl: platform === "shopify" ? `${base}/ingest/shopify` : null,
    secret,
  };
}

function secretFor(args: NewStore, appSigns: boolean): string | null {
  const secret = args.secret?.trim() ?? "";
  if (secret !== "") return secret;
  if (args.platform !== "shopify") return `whsec_${randomBytes(24).toString("base64")}`;
  if (appSigns) return null;
  throw refused(
    "secret",
    "is missing",
    "A Shopify store needs the secret its webhooks are signed with: it is shown in the shop's admin under Notifications, Webhooks. For an app's subscriptions set UPLINE_SHOPIFY_APP_SECRETS instead.",
  );
}

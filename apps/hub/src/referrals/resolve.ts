import { foldCode } from "@upline/core";
import { and, asc, eq, isNull, lte } from "drizzle-orm";
import { listCompanies } from "../companies/queries.ts";
import { asCompany, type Tx } from "../db/connect.ts";
import { query } from "../db/query.ts";
import { referralCodes, standings } from "../db/schema/network.ts";
import { referralLinks } from "../db/schema/referrals.ts";
import { storeAccess, stores } from "../db/schema/stores.ts";
import { asOf } from "../network/as-of.ts";
import type { HubParts } from "../parts.ts";
import type { ShopAddress } from "./target.ts";

/** What a link's name leads to. */
export interface Resolved {
  readonly companyId: number;
  readonly shops: readonly ShopAddress[];
  /** Null where the name is unknown, its link is over, or its distributor earns nothing. */
  readonly owner: { readonly code: string; readonly foldedCode: string; readonly distributorNo: number } | null;
  /** 0 is the code by itself. */
  readonly linkNo: bigint;
  readonly storeId: string | null;
  readonly path: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** A changed link, code or shop counts after so long. */
const KEPT_MS = 5_000;
const MOST_KEPT = 20_000;
const LONGEST_NAME = 200;

/** Finds where links lead, and remembers it for some seconds: a link that is shared is followed many times. */
export class Resolver {
  readonly #db: HubParts["db"];
  readonly #kept = new Map<string, { readonly until: number; readonly found: Promise<Resolved | null> }>();
  #companies: { readonly until: number; readonly found: ReturnType<typeof listCompanies> } | null = null;

  constructor({ db }: Pick<HubParts, "db">) {
    this.#db = db;
  }

  /** Null where there is no such company, or it has no shop. `slug` is needed where the hub has several companies. */
  resolve(name: string, slug: string | undefined): Promise<Resolved | null> {
    const folded = foldCode(name.slice(0, LONGEST_NAME));
    const key = `${slug ?? ""}\n${folded}`;
    const now = Date.now();
    const kept = this.#kept.get(key);
    if (kept !== undefined && kept.until > now) return kept.found;
    if (this.#kept.size >= MOST_KEPT) this.#kept.clear();
    const found = this.#find(folded, slug);
    this.#kept.set(key, { until: now + KEPT_MS, found });
    // What failed is asked again.
    found.catch(() => this.#kept.delete(key));
    return found;
  }

  async #find(folded: string, slug: string | undefined): Promise<Resolved | null> {
    const now = Date.now();
    if (this.#companies === null || this.#companies.until <= now)
      this.#companies = { until: now + KEPT_MS, found: listCompanies(this.#db.gate) };
    const companies = await this.#companies.found.catch((error: unknown) => {
      this.#companies = null;
      throw error;
    });
    const company = slug === undefined && companies.length === 1 ? companies[0] : companies.find((known) => known.slug === slug);
    if (company === undefined) return null;
    const { companyId } = company;
    return asCompany(this.#db, companyId, async (tx) => {
      const shops = await readShops(tx, companyId);
      if (shops.length === 0) return null;
      // A code that was given later than a link of its name is the code: shops take it for that too.
      const code = await findCode(tx, { companyId, foldedCode: folded });
      const link = code === null ? await findLink(tx, { companyId, folded }) : null;
      const credited = link === null ? code : await findCode(tx, { companyId, foldedCode: foldCode(link.code) });
      const owner =
        credited !== null && (await mayEarn(tx, { companyId, distributorNo: credited.distributorNo })) ? credited : null;
      const isOver = link?.expiresAt != null && link.expiresAt.getTime() <= now;
      const tags = link === null ? {} : (link.tags as Record<string, string>);
      const { linkNo = 0n, storeId = null, path = "/" } = link ?? {};
      return { companyId, shops, owner: isOver ? null : owner, linkNo, storeId, path, tags };
    });
  }
}

function readShops(tx: Tx, companyId: number): Promise<ShopAddress[]> {
  return query(tx)
    .select({ storeId: stores.storeId, domain: stores.domain, homeUrl: storeAccess.homeUrl })
    .from(stores)
    .leftJoin(storeAccess, and(eq(storeAccess.companyId, stores.companyId), eq(storeAccess.storeId, stores.storeId)))
    .where(and(eq(stores.companyId, companyId), eq(stores.status, "active")))
    .orderBy(asc(stores.createdAt), asc(stores.storeId));
}

/** A link that is not taken back, by its folded name; null where there is none. */
export async function findLink(tx: Tx, { companyId, folded }: { companyId: number; folded: string }) {
  const { linkNo, code, storeId, path, tags, expiresAt } = referralLinks;
  const [row] = await query(tx)
    .select({ linkNo, code, storeId, path, tags, expiresAt })
    .from(referralLinks)
    .where(and(eq(referralLinks.companyId, companyId), eq(referralLinks.foldedName, folded), isNull(referralLinks.revokedAt)));
  return row ?? null;
}

/** Whose referral code this is; null where it is nobody's. */
export async function findCode(tx: Tx, { companyId, foldedCode }: { companyId: number; foldedCode: string }) {
  const [row] = await query(tx)
    .select({ code: referralCodes.code, foldedCode: referralCodes.foldedCode, distributorNo: referralCodes.distributorNo })
    .from(referralCodes)
    .where(and(eq(referralCodes.companyId, companyId), eq(referralCodes.foldedCode, foldedCode)));
  return row ?? null;
}

/** Whoever is suspended or terminated has no customers come by their link. */
export async function mayEarn(
  tx: Tx,
  { companyId, distributorNo }: { companyId: number; distributorNo: number },
): Promise<boolean> {
  const now = new Date();
  const [standing] = await query(tx)
    .select({ status: standings.status })
    .from(standings)
    .where(and(eq(standings.companyId, companyId), eq(standings.distributorNo, distributorNo), lte(standings.validFrom, now)))
    .orderBy(asOf({ validFrom: standings.validFrom, serial: standings.standingNo }, now))
    .limit(1);
  return standing?.status !== "suspended" && standing?.status !== "terminated";
}

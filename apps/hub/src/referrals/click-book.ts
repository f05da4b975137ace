import { createHmac } from "node:crypto";
import { asCompany, type Tx } from "../db/connect.ts";
import type { HubParts } from "../parts.ts";
import type { Resolved } from "./resolve.ts";

/** Clicks of the last moment, added up: they are written after their answers, many at once. */

const EVERY_MS = 1_000;
/** Codes and links that are counted at once; beyond it clicks are let go, and redirects go on. */
const MOST_COUNTED = 20_000;
/** Visitors of one link that are told apart between two writings. */
const MOST_VISITORS = 5_000;

interface Counted {
  readonly companyId: number;
  readonly day: string;
  readonly foldedCode: string;
  readonly linkNo: bigint;
  readonly distributorNo: number;
  clicks: number;
  bots: number;
  readonly visitors: Set<string>;
}

export class ClickBook {
  readonly #parts: Pick<HubParts, "db" | "box" | "log">;
  #counted = new Map<string, Counted>();
  #salt: { readonly day: string; readonly key: string } | null = null;
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> = Promise.resolve();

  constructor(parts: Pick<HubParts, "db" | "box" | "log">) {
    this.#parts = parts;
  }

  /** Counts a click. Nothing of who came is kept but a hash, salted for the day and the company. */
  note(
    link: Pick<Resolved, "companyId" | "owner" | "linkNo">,
    who: { isBot: boolean; address: string; browser: string },
    now = new Date(),
  ): void {
    const day = now.toISOString().slice(0, 10);
    const { companyId, owner } = link;
    // What leads to nobody is one count: names that somebody makes up fill no table.
    const { foldedCode = "", distributorNo = 0 } = owner ?? {};
    const linkNo = owner === null ? 0n : link.linkNo;
    const key = `${companyId} ${day} ${linkNo} ${foldedCode}`;
    let counted = this.#counted.get(key);
    if (counted === undefined) {
      if (this.#counted.size >= MOST_COUNTED) return;
      counted = { companyId, day, foldedCode, linkNo, distributorNo, clicks: 0, bots: 0, visitors: new Set() };
      this.#counted.set(key, counted);
    }
    if (who.isBot) counted.bots++;
    else {
      counted.clicks++;
      if (counted.visitors.size < MOST_VISITORS) counted.visitors.add(this.#hash(companyId, day, who));
    }
    this.#timer ??= setTimeout(() => void this.flush(), EVERY_MS).unref();
  }

  #hash(companyId: number, day: string, { address, browser }: { address: string; browser: string }): string {
    if (this.#salt?.day !== day) this.#salt = { day, key: this.#parts.box.deriveLasting(`clicks of ${day}`) };
    return createHmac("sha256", this.#salt.key).update(`${companyId}\n${address}\n${browser}`).digest("base64url").slice(0, 16);
  }

  /** Writes what was counted. What cannot be written is counted on. */
  flush(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  async #write(): Promise<void> {
    const counted = [...this.#counted.values()];
    this.#counted = new Map();
    for (const [companyId, rows] of Map.groupBy(counted, (row) => row.companyId)) {
      try {
        await asCompany(this.#parts.db, companyId, (tx) => writeClicks(tx, companyId, rows));
      } catch (error) {
        this.#parts.log.warn(
          { company: companyId, error: error instanceof Error ? error.name : "unknown" },
          "clicks were not counted",
        );
      }
    }
  }
}

async function writeClicks(tx: Tx, companyId: number, counted: readonly Counted[]): Promise<void> {
  // In one order, so that two replicas never wait for each other crosswise.
  const rows = [...counted].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const visits = rows.flatMap((row, index) => [...row.visitors].sort().map((visitor) => ({ index: index + 1, visitor })));
  await tx`
    with counted as (
      select * from unnest(${rows.map(({ day }) => day)}::date[], ${rows.map(({ foldedCode }) => foldedCode)}::text[],
        ${rows.map(({ linkNo }) => String(linkNo))}::bigint[], ${rows.map(({ distributorNo }) => distributorNo)}::int[],
        ${rows.map(({ clicks }) => clicks)}::int[], ${rows.map(({ bots }) => bots)}::int[])
        with ordinality as c (day, folded_code, link_no, distributor_no, clicks, bots, place)),
    came as (
      select * from unnest(${visits.map(({ index }) => index)}::bigint[], ${visits.map(({ visitor }) => visitor)}::text[]) as v (place, visitor_hash)),
    fresh as (
      insert into referral_visitors (company_id, day, folded_code, link_no, visitor_hash)
      select ${companyId}, counted.day, counted.folded_code, counted.link_no, came.visitor_hash from came join counted using (place)
      on conflict do nothing returning day, folded_code, link_no)
    insert into referral_clicks as stored (company_id, day, folded_code, link_no, distributor_no, clicks, visitors, bots)
    select ${companyId}, day, folded_code, link_no, distributor_no, clicks,
           (select count(*)::int from fresh f where f.day = counted.day and f.folded_code = counted.folded_code and f.link_no = counted.link_no), bots
      from counted
    on conflict (company_id, day, folded_code, link_no) do update
      set clicks = stored.clicks + excluded.clicks, visitors = stored.visitors + excluded.visitors, bots = stored.bots + excluded.bots`;
  // Yesterday's hashes tell nothing any more; midnight is crossed by replicas one after the other.
  await tx`delete from referral_visitors where company_id = ${companyId} and day < current_date - 1`;
}

const keyOf = ({ day, foldedCode, linkNo }: Counted) => `${day} ${foldedCode} ${linkNo}`;

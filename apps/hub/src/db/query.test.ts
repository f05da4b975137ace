import type { EvidenceSource } from "@upline/core";
import { aliasedTable, and, asc, eq, sql } from "drizzle-orm";
import { afterAll, assert, beforeAll, expect, test } from "vitest";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { asCompany, sqlState } from "./connect.ts";
import { before, type Counts, given, type Listed, listed, query } from "./query.ts";
import { auditLog, companies } from "./schema/companies.ts";
import { inbox } from "./schema/inbox.ts";
import { orders } from "./schema/orders.ts";
import { stores } from "./schema/stores.ts";

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
});
afterAll(() => hub.close());

const MOMENT = new Date("2026-03-01T12:34:56.789Z");
const HUGE = 9_007_199_254_740_993n;
const DETAILS = { text: '12"', list: ["1", 2, null], yes: true };

test("a row written by the builder reads the same by hand, and the other way round", async () => {
  const { companyId } = hub.company;
  const written = { companyId, actor: "ann", act: "test", subject: "builder", details: DETAILS, recordedAt: MOMENT };
  const { byHand, built } = await asCompany(hub.db, companyId, async (tx) => {
    await query(tx).insert(auditLog).values(written);
    await tx`insert into audit_log (company_id, actor, act, subject, details, recorded_at)
             values (${companyId}, 'ann', 'test', 'by hand', ${tx.json(DETAILS)}, ${MOMENT})`;
    const shown = {
      actor: auditLog.actor,
      details: auditLog.details,
      recordedAt: auditLog.recordedAt,
      auditNo: auditLog.auditNo,
    };
    const mine = eq(auditLog.act, "test");
    return {
      built: await query(tx).select(shown).from(auditLog).where(mine).orderBy(asc(auditLog.auditNo)),
      byHand: await tx<Listed<typeof shown>[]>`select ${listed(tx, shown)} from audit_log where act = 'test' order by audit_no`,
    };
  });
  expect(built.length).toBe(2);
  expect([...byHand]).toStrictEqual(built);
  for (const row of built) {
    expect({ ...row, auditNo: 0n }).toStrictEqual({ actor: "ann", details: DETAILS, recordedAt: MOMENT, auditNo: 0n });
    expect(typeof row.auditNo).toBe("bigint");
  }
});

test("64-bit integers, bytes and lists pass the builder unharmed, as values and as filters", async () => {
  const { companyId } = hub.company;
  await asCompany(hub.db, companyId, async (tx) => {
    // The driver must not trip over quotes and braces in an array, whatever the list may hold.
    const changed = { directoryVersion: HUGE, evidenceOrder: ["manual", "a,\"b'{}"] as EvidenceSource[] };
    const [row] = await query(tx)
      .update(companies)
      .set(changed)
      .where(eq(companies.companyId, companyId))
      .returning({ version: companies.directoryVersion, order: companies.evidenceOrder, key: companies.buyerKey });
    expect([row?.version, row?.order]).toStrictEqual([HUGE, changed.evidenceOrder]);
    const [raw] = await tx`select directory_version, evidence_order, buyer_key from companies where company_id = ${companyId}`;
    expect([raw?.directory_version, raw?.evidence_order]).toStrictEqual([HUGE, changed.evidenceOrder]);
    assert.ok(Buffer.isBuffer(row?.key) && row.key.equals(raw?.buyer_key));
    const key = row.key;
    const found = await query(tx)
      .select({ slug: companies.slug })
      .from(companies)
      .where(
        and(eq(companies.buyerKey, key), given(companies.directoryVersion, HUGE), before(companies.directoryVersion, HUGE + 1n)),
      );
    expect(found.length).toBe(1);
    await query(tx).update(companies).set({ directoryVersion: sql`1`, evidenceOrder: null });
  });
});

test("a filter that was left out filters nothing", () => {
  expect(given(orders.orderNo, undefined)).toBe(undefined);
  expect(before(orders.orderNo, undefined)).toBe(undefined);
});

test("hand-written rows take their names from the schema, over an alias too, and hand-written dates stay dates after a built query", async () => {
  const { companyId } = hub.company;
  await asCompany(hub.db, companyId, async (tx) => {
    await query(tx).select().from(stores);
    const s = aliasedTable(stores, "s");
    const shown = { shop: s.storeId, since: s.createdAt };
    const rows = await tx<(Listed<typeof shown> & Counts<"deliveries">)[]>`
      select ${listed(tx, shown)}, (select count(*)::int from inbox i where i.store_id = s.store_id) as deliveries
        from stores s where s.company_id = ${companyId}`;
    assert.ok(rows.length > 0);
    for (const row of rows) {
      expect(Object.keys(row)).toStrictEqual(["shop", "since", "deliveries"]);
      assert.ok(row.since instanceof Date);
      expect(row.deliveries).toBe(0);
    }
  });
});

test("a refusal of the database keeps its SQLSTATE and does not carry the parameters in its message", async () => {
  const { companyId } = hub.company;
  const refused = asCompany(hub.db, companyId, (tx) => query(tx).update(inbox).set({ body: "a buyer's address" }));
  await expect(refused).rejects.toThrow(
    expect.toSatisfy((error: Error) => {
      expect(sqlState(error)).toBe("42501");
      expect(error.message).not.toMatch(/buyer/);
      return true;
    }),
  );
});

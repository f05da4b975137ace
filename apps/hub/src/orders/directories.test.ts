import postgres from "postgres";
import { afterAll, assert, beforeAll, expect, test } from "vitest";
import { createCompany } from "../companies/create.ts";
import { asCompany } from "../db/connect.ts";
import { Overtaken } from "../db/retry.ts";
import { importDistributors } from "../network/import.ts";
import { openTestParts, type TestParts } from "../testing/test-parts.ts";
import { DirectoryCache } from "./directories.ts";

/** How directories come into memory, follow what changes, and leave it again. */

let hub: TestParts;
let owner: postgres.Sql;
beforeAll(async () => {
  hub = await openTestParts();
  owner = postgres(hub.db.url, { max: 1, onnotice: () => {} });
});
afterAll(async () => {
  await owner.end();
  await hub.close();
});

const PEOPLE = 100_000;
const MOVES = 5_000;

/** Sponsors have smaller numbers, before and after a move: there can be no circle. */
async function largeCompany(): Promise<number> {
  const { companyId } = await createCompany(hub, { slug: "large", name: "Large" });
  await owner`select setseed(0.5)`;
  await owner`
    insert into distributors (company_id, distributor_no, distributor_id, enrolled_at, version)
    select ${companyId}, no, 'D' || no, '2025-01-01', 1 from generate_series(1, ${PEOPLE}::integer) no`;
  await owner`
    insert into sponsor_edges (company_id, distributor_no, sponsor_no, valid_from, version)
    select ${companyId}, no, floor(no * random())::integer, '2025-01-01', 1 from generate_series(1, ${PEOPLE}::integer) no`;
  await owner`
    insert into sponsor_edges (company_id, distributor_no, sponsor_no, valid_from, version)
    select ${companyId}, no, floor(no * random())::integer, '2026-01-01', 1
      from generate_series(1, ${PEOPLE}::integer, ${PEOPLE / MOVES}::integer) no`;
  await owner`
    insert into referral_codes (company_id, folded_code, code, distributor_no, version)
    select ${companyId}, 'd' || no, 'D' || no, no, 1 from generate_series(1, ${PEOPLE}::integer) no`;
  await owner`update companies set directory_version = 1 where company_id = ${companyId}`;
  return companyId;
}

async function smallCompany(slug: string): Promise<number> {
  const { companyId } = await createCompany(hub, { slug, name: slug });
  await enrol(companyId, "A", null);
  return companyId;
}

async function enrol(companyId: number, distributorId: string, sponsorId: string | null): Promise<void> {
  const { errors } = await importDistributors(hub, { companyId, actor: "test", rows: [{ line: 1, distributorId, sponsorId }] });
  expect(errors).toStrictEqual([]);
}

test("a hundred thousand come page by page, and between two pages whatever else there is to do has its turn", async () => {
  const companyId = await largeCompany();
  let [pages, rowsBefore, longestPage, pagesInTurn, most] = [0, 0, 0, 0, 0];
  const reading = (_company: number, rows: number) => {
    pages += 1;
    longestPage = Math.max(longestPage, rows - rowsBefore);
    rowsBefore = rows;
    most = Math.max(most, ++pagesInTurn);
    setImmediate(() => {
      pagesInTurn = 0;
    });
  };
  const directories = new DirectoryCache(hub.db, hub.box, { watch: { reading, loaded: () => {}, evicted: () => {} } });
  const directory = await directories.fresh(companyId);
  expect([most, rowsBefore]).toStrictEqual([1, 2 * PEOPLE + MOVES + PEOPLE / 1]);
  assert.ok(pages >= 60 && longestPage <= 5_000);

  const samples = [1, 2, 777, 5_001, 20_001, PEOPLE];
  for (const at of ["2025-06-01T00:00:00Z", "2026-06-01T00:00:00Z"]) {
    const rows = await owner<{ no: number; upline: string[] }[]>`
      with recursive sponsor as (
        select distinct on (distributor_no) distributor_no, sponsor_no from sponsor_edges
         where company_id = ${companyId} and valid_from <= ${at}::timestamptz order by distributor_no, valid_from desc),
      above as (
        select no, no as up, 0 as level from unnest(${samples}::integer[]) no
        union all select a.no, s.sponsor_no, a.level + 1 from above a join sponsor s on s.distributor_no = a.up)
      select no, array_agg('D' || up order by level) filter (where up > 0) as upline from above group by no order by no`;
    for (const { no, upline } of rows)
      expect(directory.uplineOf(`D${no}`, Date.parse(at)).map(({ distributorId }) => distributorId)).toStrictEqual(upline);
    expect(rows).toHaveLength(samples.length);
  }
  expect(directory.findByCode("d99999", 0)?.distributorId).toBe("D99999");
});

test("what changes while a directory is read comes with the next look", async () => {
  const companyId = await smallCompany("changing");
  let late: Promise<void> | null = null;
  const reading = () => {
    late ??= enrol(companyId, "B", "A");
  };
  const directories = new DirectoryCache(hub.db, hub.box, { watch: { reading, loaded: () => {}, evicted: () => {} } });
  await directories.ready(companyId);
  await late;
  const directory = await asCompany(hub.db, companyId, (tx) => directories.current(tx, companyId));
  expect(directory.uplineOf("B", Date.now()).map(({ distributorId }) => distributorId)).toStrictEqual(["B", "A"]);
});

test("nothing is read whole inside a transaction: it is undone, as if another had been faster", async () => {
  const companyId = await smallCompany("cold");
  const directories = new DirectoryCache(hub.db, hub.box);
  await expect(asCompany(hub.db, companyId, (tx) => directories.current(tx, companyId))).rejects.toThrow(Overtaken);
  expect(directories.inMemory().companies).toBe(0);
  await directories.ready(companyId);
  expect((await asCompany(hub.db, companyId, (tx) => directories.current(tx, companyId))).numberOf("A")).toBe(1);
});

test("whoever only looks at plans waits for no network", async () => {
  const companyId = await smallCompany("plans-only");
  const directories = new DirectoryCache(hub.db, hub.box);
  const plans = await asCompany(hub.db, companyId, (tx) => directories.plansOf(tx, companyId));
  expect([plans.planByHash("unknown"), directories.inMemory().companies]).toStrictEqual([null, 0]);
});

test("beyond the memory's bound the one that was used longest ago is let go, and read again when it is needed", async () => {
  const [first, second, third] = [await smallCompany("one"), await smallCompany("two"), await smallCompany("three")];
  const evicted: number[] = [];
  const watch = { reading: () => {}, loaded: () => {}, evicted: (companyId: number) => void evicted.push(companyId) };
  const probe = new DirectoryCache(hub.db, hub.box);
  await probe.ready(first);
  const directories = new DirectoryCache(hub.db, hub.box, { maxBytes: probe.inMemory().bytes * 2.5, watch });
  await directories.ready(first);
  await directories.ready(second);
  await directories.ready(first);
  await directories.ready(third);
  expect([evicted, directories.holds(first), directories.inMemory().companies]).toStrictEqual([[second], true, 2]);
  expect((await directories.fresh(second)).numberOf("A")).toBe(1);
  expect(evicted).toStrictEqual([second, first]);
});

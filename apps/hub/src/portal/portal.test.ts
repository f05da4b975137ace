import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { asCompany, type Tx } from "../db/connect.ts";
import type { Period } from "../periods/queries.ts";
import {
  closeLedger,
  closeMonth,
  JUNE,
  openMonth,
  type PeriodCompany,
  sendOrders,
  setUpPeriodCompany,
  testPlan,
} from "../testing/periods.ts";
import { type SignInBrowser, signedUp } from "../testing/sign-in-browser.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { until } from "../testing/until.ts";
import { setPortalSettings } from "./settings-queries.ts";
import { estimateOf, nextRankOf, personOf, readStanding, readStandingTogether } from "./standing.ts";

/** June of `close.test.ts`, as its distributors see it. */

const NUMBERS = { A1: 1, A2: 2, A3: 3, A4: 4, A5: 5, B1: 6, B2: 7 } as const;
/** What the stairs pay, worked out by hand in `close.test.ts`. */
const STAIRS = { A1: 27_05n, A2: 64_17n, A3: 36_66n, A4: 0n, A5: 16_67n, B1: 6_03n, B2: 0n } as const;

let hub: TestHub;
let company: PeriodCompany;
let june: Period;
const people = new Map<string, SignInBrowser>();
beforeAll(async () => {
  hub = await openTestHub();
  company = await setUpPeriodCompany(hub);
  const rival = await setUpPeriodCompany(hub);
  await sendOrders(hub, company, JUNE);
  june = await openMonth(hub, company, "2026-06");
  for (const distributorId of ["A1", "A2", "A3", "B1"]) people.set(distributorId, await signUp(company, distributorId, "acme"));
  people.set("rival", await signUp(rival, "A2", "rival"));
  const { companyId } = company;
  people.set("support", await signedUp(hub, { email: "support@acme.example", role: "support", companyId }));
});
afterAll(() => hub.close());

const signUp = ({ companyId }: PeriodCompany, distributorId: string, at: string) =>
  signedUp(hub, { email: `${distributorId.toLowerCase()}@${at}.example`, role: "distributor", companyId, distributorId });

const as = (who: string) => people.get(who) as SignInBrowser;
const ask = <Answer>(who: string, path: string, body?: unknown) =>
  as(who).json(`/api${path}`, body === undefined ? {} : { body }) as Promise<unknown> as Promise<Answer>;

async function refusedAs(who: string, path: string): Promise<[number, string]> {
  const response = await as(who).call(`/api${path}`);
  return [response.status, await response.text()];
}

/** Minor units of decimal text. */
const minor = (text: string) => BigInt(text.replace(".", ""));

/** What the ledger holds for somebody, by SQL of its own. */
async function ledgerOf(no: number): Promise<bigint> {
  const [row] = await asCompany(
    hub.db,
    company.companyId,
    (tx) => tx<{ sum: bigint }[]>`
      select coalesce(sum(case when kind_no = 1 then amount else -amount end), 0)::bigint as sum
        from transfer_rows where company_id = ${company.companyId} and distributor_no = ${no}`,
  );
  return row?.sum ?? 0n;
}

test("the estimate is what the close then pays, to the last cent, of everybody's own part of the tree", async () => {
  const estimates: Record<string, bigint> = {};
  for (const [id, distributorNo] of Object.entries(NUMBERS)) {
    const found = await asCompany(hub.db, company.companyId, (tx) =>
      readStanding(tx, { companyId: company.companyId, distributorNo }, june),
    );
    estimates[id] = found === null ? -1n : estimateOf(found).reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
  }
  expect(estimates).toStrictEqual(STAIRS);
  await closeMonth(hub, company, june);
  const paid = await closeLedger(hub, company);
  for (const [id, amount] of Object.entries(STAIRS)) expect(BigInt(paid[`stairs ${id}`] ?? 0), id).toBe(amount);
});

test("for two parts of a page that ask at once it is computed once, and anew for whoever comes later or is somebody else", async () => {
  const { companyId } = company;
  const read = (distributorNo: number) =>
    asCompany(hub.db, companyId, (tx) => readStandingTogether(hub.db, tx, { companyId, distributorNo }, june));
  // Of the same server others write all the time: whoever asks behind that computes anew.
  let [first, other] = [await read(NUMBERS.A3), await read(NUMBERS.A1)];
  await until("two ask with nothing written in between", async () => {
    const [one, two, third] = await Promise.all([read(NUMBERS.A3), read(NUMBERS.A3), read(NUMBERS.A1)]);
    [first, other] = [one, third];
    return one === two;
  });
  expect(first).not.toBe(null);
  expect([other?.part.members.distributorNoOf(other.part.no), first?.part.members.distributorNoOf(first.part.no)]).toStrictEqual([
    NUMBERS.A1,
    NUMBERS.A3,
  ]);
  expect(await read(NUMBERS.A3)).not.toBe(first);
});

test("whoever asks after something was written is not told what another one had begun to read before", async () => {
  const own = await setUpPeriodCompany(hub);
  const { companyId } = own;
  const seller = { companyId, distributorNo: NUMBERS.B1 };
  const owner = postgres(hub.db.url, { max: 1, onnotice: () => {}, types: { bigint: postgres.BigInt } });
  const july = await openMonth(hub, own, "2026-07");
  const pvOf = (found: Awaited<ReturnType<typeof readStanding>>) => found && personOf(found, found.part.no).pv;
  const [before, after] = await owner.begin("isolation level repeatable read", async (early) => {
    await early`select 1`;
    await sendOrders(hub, own, [{ id: "meanwhile", at: "2026-07-03", by: "B1", minor: 50_00 }]);
    return Promise.all([
      readStandingTogether(hub.db, early as Tx, seller, july),
      asCompany(hub.db, companyId, (tx) => readStandingTogether(hub.db, tx, seller, july)),
    ]);
  });
  expect([pvOf(before), pvOf(after)]).toStrictEqual([0, 50_0000]);
  await owner.end();
});

test("where the first one fails, as with its connection, the other computes for itself", async () => {
  const { companyId } = company;
  const seller = { companyId, distributorNo: NUMBERS.A3 };
  const broken = asCompany(hub.db, companyId, async (tx) => {
    await tx`select 1 / 0`.catch(() => {});
    return readStandingTogether(hub.db, tx, seller, june);
  });
  const [failed, found] = await Promise.allSettled([
    broken,
    asCompany(hub.db, companyId, async (tx) => {
      await tx`select pg_sleep(0.001)`;
      return readStandingTogether(hub.db, tx, seller, june);
    }),
  ]);
  expect([failed.status, found.status]).toStrictEqual(["rejected", "fulfilled"]);
});

test("what the company's people are told of somebody's periods is the ledger's and the close's, to the last unit", async () => {
  for (const id of ["A1", "A3", "B1"] as const) {
    const { items, next } = await ask<{ items: PersonPeriod[]; next: string | null }>(
      "support",
      `/distributors/${id}/periods?limit=36`,
    );
    expect(next).toBe(null);
    const all = items.flatMap(({ bonuses }) => bonuses);
    const sum = all.reduce((whole, one) => whole + minor(one.earned) - minor(one.taken_back), 0n);
    expect(sum, id).toBe(await ledgerOf(NUMBERS[id]));
    const found = items.find(({ name }) => name === "2026-06");
    const stairs = found?.bonuses.find(({ bonus }) => bonus === "stairs");
    expect([id, found?.state, minor(stairs?.earned ?? "0")]).toStrictEqual([id, "closed", STAIRS[id]]);
    const [result] = (
      await ask<{ items: PersonPeriod[] }>("support", `/periods/${found?.period_id}/results?distributor_id=${id}`)
    ).items;
    expect([found?.pv, found?.gv, found?.rank]).toStrictEqual([result?.pv, result?.gv, result?.rank]);
    // Each bonus opens the rows that it is the sum of.
    for (const one of found?.bonuses ?? []) {
      const rows: { amount: string }[] = [];
      for (let before = ""; ; ) {
        const path = `/distributors/${id}/earnings?span=2026-06&bonus=${one.bonus}&limit=2${before}`;
        const page = await ask<{ items: { amount: string }[]; next: string | null }>("support", path);
        rows.push(...page.items);
        if (page.next === null) break;
        before = `&before=${page.next}`;
      }
      const summed = rows.reduce((whole, { amount }) => whole + minor(amount), 0n);
      expect(summed, `${id} ${one.bonus}`).toBe(minor(one.earned) - minor(one.taken_back));
    }
  }
  const [status] = await refusedAs("support", "/distributors/nobody/periods");
  expect(status).toBe(404);
  expect((await refusedAs("support", "/distributors/A1/earnings?span=1999-01"))[0]).toBe(404);
});

interface PersonPeriod {
  readonly name: string;
  readonly period_id: string | null;
  readonly state: string | null;
  readonly rank: string | null;
  readonly pv: string | null;
  readonly gv: string | null;
  readonly bonuses: readonly { bonus: string; earned: string; taken_back: string }[];
}

test("what is missing for the next rank is told with its numbers", async () => {
  const found = await asCompany(hub.db, company.companyId, (tx) =>
    readStanding(tx, { companyId: company.companyId, distributorNo: NUMBERS.A3 }, june),
  );
  // A3 is silver with 533.33 of group volume; gold needs 700.
  const next = found && nextRankOf(found);
  expect(next?.rankNo).toBe(2);
  expect(next?.conditions.map(({ kind, needed, had, isMet }) => ({ kind, needed, had, isMet }))).toStrictEqual([
    { kind: "pv", needed: 1_000_000, had: 2_000_000, isMet: true },
    { kind: "gv", needed: 7_000_000, had: 5_333_300, isMet: false },
  ]);
});

interface Row {
  readonly key: string;
  readonly amount: string;
  readonly order_id: string | null;
  readonly sold_by: { distributor_id: string } | null;
  readonly how: string;
}

test.each(["A1", "A2", "A3", "B1"] as const)("earnings of %s are the ledger's, as sums and row by row", async (id) => {
  const held = await ledgerOf(NUMBERS[id]);
  const { items } = await ask<{ items: { earned: string; taken_back: string }[] }>(id, "/portal/earnings/sums?span=2026-06");
  expect(items.reduce((sum, item) => sum + minor(item.earned) - minor(item.taken_back), 0n)).toBe(held);
  const rows: Row[] = [];
  for (let next: string | null = ""; next !== null; ) {
    const page: { items: Row[]; next: string | null } = await ask(
      id,
      `/portal/earnings?span=2026-06&limit=2${next === "" ? "" : `&before=${next}`}`,
    );
    rows.push(...page.items);
    next = page.next;
  }
  expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length);
  expect(rows.reduce((sum, { amount }) => sum + minor(amount), 0n)).toBe(held);
});

test("in a plan of weeks no earnings are too long ago to be named, and a page says that there are more", async () => {
  const plan = testPlan({ periods: { every: "week", startsOn: "monday" } });
  const weekly = await setUpPeriodCompany(hub, { plan });
  const { companyId } = weekly;
  await sendOrders(hub, weekly, [{ id: "w1", at: "2026-01-07", by: "A2", minor: 100_00 }]);
  people.set("weekly", await signUp(weekly, "A1", "weekly"));
  people.set("weekly-support", await signedUp(hub, { email: "support@weekly.example", role: "support", companyId }));
  // The week of the order lies 46 weeks back at the least.
  const { items } = await ask<{ items: { name: string }[] }>("weekly", "/portal/earnings/spans");
  expect(items.at(-1)?.name).toBe("2026-01-05");
  expect(await ask("weekly", "/portal/earnings/sums?span=2026-01-05")).toMatchObject({
    items: [{ bonus: "levels", earned: "10.00" }],
  });
  type Page = { items: { name: string; bonuses: { earned: string }[] }[]; next: string | null };
  const names: string[] = [];
  const sizes: number[] = [];
  for (let next: string | null = ""; next !== null; ) {
    const page: Page = await ask<Page>("weekly-support", `/distributors/A1/periods?limit=36${next && `&before=${next}`}`);
    names.push(...page.items.map(({ name }) => name));
    sizes.push(page.items.length);
    next = page.next;
  }
  // All of them, each once, as the distributor is told them.
  expect(names).toStrictEqual(items.map(({ name }) => name));
  expect(sizes[0]).toBe(36);
  const one = await ask<Page>("weekly-support", "/distributors/A1/periods?span=2026-01-05");
  expect(one).toMatchObject({ items: [{ name: "2026-01-05", bonuses: [{ earned: "10.00" }] }], next: null });
  expect(await ask<Page>("weekly-support", "/distributors/A1/periods?span=1999-01-04")).toStrictEqual({ items: [], next: null });
});

test("an order that brought something is told line by line, and to nobody whom it brought nothing", async () => {
  const { items } = await ask<{ items: Row[] }>("A2", "/portal/earnings?span=2026-06");
  const row = items.find(({ sold_by }) => sold_by?.distributor_id === "A3");
  const path = `/portal/orders/${row?.order_id}`;
  const told = await ask<{ sold_by: { distributor_id: string }; code: null; earned: { amount: string; level: number }[] }>(
    "A2",
    path,
  );
  expect(told.sold_by.distributor_id).toBe("A3");
  expect(told.earned.reduce((sum, { amount }) => sum + minor(amount), 0n)).toBe(minor(row?.amount ?? ""));
  expect(JSON.stringify(told)).not.toMatch(/buyer|email/);
  const nowhere = await refusedAs("B1", "/portal/orders/999999");
  expect(nowhere[0]).toBe(404);
  expect(await refusedAs("B1", path)).toStrictEqual(nowhere);
  expect(await refusedAs("rival", path)).toStrictEqual(await refusedAs("rival", "/portal/orders/999999"));
});

interface Member {
  readonly distributor_id: string;
  readonly level: number;
  readonly email: string | null;
  readonly people_below: number;
}

test("a downline is everyone below, with addresses of the own frontline only; whoever stands beside is nobody", async () => {
  const { items } = await ask<{ items: Member[] }>("A1", "/portal/team");
  expect(items.map(({ distributor_id, level, people_below }) => [distributor_id, level, people_below])).toStrictEqual([
    ["A2", 1, 3],
    ["B1", 1, 1],
    ["A3", 2, 2],
    ["B2", 2, 0],
    ["A4", 3, 1],
    ["A5", 4, 0],
  ]);
  expect(items.map(({ email }) => email)).toStrictEqual(["a2@acme.example", "b1@acme.example", null, null, null, null]);
  const paged: string[] = [];
  for (let next: string | null = ""; next !== null; ) {
    const page: { items: Member[]; next: string | null } = await ask("A1", `/portal/team?limit=2${next && `&before=${next}`}`);
    paged.push(...page.items.map(({ distributor_id }) => distributor_id));
    next = page.next;
  }
  expect(paged).toStrictEqual(items.map(({ distributor_id }) => distributor_id));
  expect((await ask<{ items: Member[] }>("A2", "/portal/team?q=B")).items).toStrictEqual([]);
  const nowhere = await refusedAs("A2", "/portal/team/Z9");
  expect(nowhere[0]).toBe(404);
  expect(await refusedAs("A2", "/portal/team/B1")).toStrictEqual(nowhere);
  // Whoever stands above is not shown either.
  expect(await refusedAs("A2", "/portal/team/A1")).toStrictEqual(nowhere);
});

test("a company may keep names to somebody's own sponsor, and addresses to itself", async () => {
  const { companyId } = company;
  const owner = (await import("postgres")).default(hub.db.url, { max: 1, onnotice: () => {} });
  await owner`update distributors set name = 'Person ' || distributor_id where company_id = ${companyId}`;
  await owner.end();
  const namesOf = async () =>
    (await ask<{ items: { name: string | null; email: string | null }[] }>("A1", "/portal/team")).items.map(({ name }) => name);
  expect(await namesOf()).toStrictEqual(["A2", "B1", "A3", "B2", "A4", "A5"].map((id) => `Person ${id}`));
  await setPortalSettings(hub, { companyId, actor: "ann", names: "frontline", contacts: false });
  expect(await namesOf()).toStrictEqual(["Person A2", "Person B1", null, null, null, null]);
  const { items } = await ask<{ items: Member[] }>("A1", "/portal/team");
  expect(items.every(({ email }) => email === null)).toBe(true);
  expect((await ask<{ items: Member[] }>("A1", "/portal/team?q=Person A5")).items).toStrictEqual([]);
  expect((await ask<{ items: Member[] }>("A1", "/portal/team?q=a5")).items).toHaveLength(1);
});

test("a question lands at the company with what it is about, and comes back with an answer", async () => {
  const { items } = await ask<{ items: Row[] }>("A2", "/portal/earnings?span=2026-06");
  const order = items.find(({ order_id }) => order_id !== null)?.order_id;
  const { question_id } = await ask<{ question_id: string }>("A2", "/portal/questions", {
    ...{ text: "Why so little?", order_id: order, bonus: "levels" },
  });
  expect((await refusedAs("B1", `/portal/questions/${question_id}`))[0]).toBe(404);
  expect((await as("B1").call("/api/portal/questions", { body: { text: "And this?", order_id: order } })).status).toBe(422);
  const asked = await ask<{ items: Record<string, unknown>[] }>("support", "/questions?open=true");
  expect(asked.items[0]).toMatchObject({
    ...{ question_id, distributor_id: "A2", state: "waiting", about: { kind: "order", id: order, bonus: "levels" } },
  });
  await ask("support", `/questions/${question_id}/messages`, { text: "Because A3 sold it." });
  const list = () => ask<{ items: { state: string; unread: boolean }[] }>("A2", "/portal/questions");
  expect((await list()).items[0]).toMatchObject({ state: "answered", unread: true });
  const told = await ask<{ messages: { side: string; text: string }[] }>("A2", `/portal/questions/${question_id}`);
  expect(told.messages.map(({ side, text }) => [side, text])).toStrictEqual([
    ["distributor", "Why so little?"],
    ["company", "Because A3 sold it."],
  ]);
  expect((await list()).items[0]).toMatchObject({ state: "answered", unread: false });
  await ask("A2", `/portal/questions/${question_id}/messages`, { text: "I see." });
  expect((await list()).items[0]).toMatchObject({ state: "waiting" });
});

test("who is worth a word is told with their volume: near to being active, and quiet for weeks", async () => {
  const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString();
  const other = await setUpPeriodCompany(hub);
  for (const id of ["A1", "B1"]) people.set(`other ${id}`, await signUp(other, id, "other"));
  await sendOrders(hub, other, [{ id: "q1", at: day(40), by: "A3", minor: 50_00 }]);
  type Words = { distributor_id: string; pv: string | null; volume: string | null; orders: number | null }[];
  const words = async (who: string) => {
    const { near, quiet } = await ask<{ near: Words; quiet: Words }>(who, "/portal/highlights");
    const told = ({ distributor_id: id, pv, volume, orders }: Words[number]) => [id, pv, volume, orders];
    return { near: near.map(told), quiet: quiet.map(told) };
  };
  expect(await words("other A1")).toStrictEqual({ near: [], quiet: [["A3", null, null, null]] });
  await openMonth(hub, other, new Date().toISOString().slice(0, 7));
  await sendOrders(hub, other, [{ id: "n1", at: day(0), by: "A5", minor: 20_00 }]);
  expect(await words("other A1")).toStrictEqual({ near: [["A5", "20", "80", null]], quiet: [["A3", "0", null, null]] });
  // Whoever stands beside is told of nobody's.
  expect(await words("other B1")).toStrictEqual({ near: [], quiet: [] });
});

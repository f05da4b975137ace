import { afterAll, beforeAll, expect, test } from "vitest";
import { createKey } from "../keys/create.ts";
import { closeMonth, JUNE, openMonth, type PeriodCompany, sendOrders, setUpPeriodCompany } from "../testing/periods.ts";
import { call } from "../testing/seed-fixture.ts";
import { type SignInBrowser, signedUp } from "../testing/sign-in-browser.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";

/** June of `close.test.ts` as its distributors look back at it. Its figures are worked out there by hand. */

let hub: TestHub;
let company: PeriodCompany;
let key: string;
const people = new Map<string, SignInBrowser>();
beforeAll(async () => {
  hub = await openTestHub();
  company = await setUpPeriodCompany(hub);
  const rival = await setUpPeriodCompany(hub);
  const { companyId } = company;
  key = (await createKey(hub, { companyId, name: "ann", scopes: ["admin"], owner: "ann", actor: "test" })).key;
  for (const one of [company, rival]) {
    await sendOrders(hub, one, JUNE);
    await closeMonth(hub, one, await openMonth(hub, one, "2026-06"));
  }
  await openMonth(hub, company, "2026-07");
  for (const id of ["A1", "A2", "A5", "B1"]) people.set(id, await signUp(company, id, "acme"));
  people.set("rival", await signUp(rival, "A2", "rival"));
});
afterAll(() => hub.close());

const signUp = ({ companyId }: PeriodCompany, distributorId: string, at: string) =>
  signedUp(hub, { email: `${distributorId.toLowerCase()}@${at}.example`, role: "distributor", companyId, distributorId });

interface Person {
  readonly distributor_id: string;
  readonly pv: string | null;
  readonly gv: string | null;
  readonly active: boolean | null;
  readonly rank: string | null;
  readonly was_below: boolean;
}

interface Standing {
  readonly span: { name: string; state: string };
  readonly is_computed: boolean;
  readonly me: { pv: string; gv: string; active: boolean; rank: { id: string } | null };
  readonly estimate: { amount: string };
  readonly next: { rank: { id: string }; gain: string | null; step: unknown; conditions: { kind: string; had: string }[] } | null;
  readonly legs: { distributor_id: string; gv: string; rank: { id: string } | null }[];
  readonly legs_elsewhere: { people: number; gv: string } | null;
}

async function ask<Answer>(who: string, path: string): Promise<Answer> {
  const response = await (people.get(who) as SignInBrowser).call(`/api/portal${path}`);
  const text = await response.text();
  expect(response.status, text).toBe(200);
  return JSON.parse(text);
}
const statusOf = async (who: string, path: string) =>
  (await (people.get(who) as SignInBrowser).call(`/api/portal${path}`)).status;
const downline = async (who: string, query: string) =>
  (await ask<{ items: Person[] }>(who, `/team?${query}`)).items.map((one) => [
    ...[one.distributor_id, one.pv, one.gv, one.active, one.rank, one.was_below],
  ]);

test("a closed period is shown as its close found it: volumes, who was active, ranks, and what it paid", async () => {
  expect(await downline("A1", "span=2026-06")).toStrictEqual([
    ["A2", "250", "783.33", true, "Gold", true],
    ["B1", "120.5", "120.5", true, "Bronze", true],
    ["A3", "200", "533.33", true, "Silver", true],
    ["B2", "0", "0", false, null, true],
    ["A4", "0", "333.33", false, null, true],
    ["A5", "333.33", "333.33", true, "Bronze", true],
  ]);
  expect(await downline("A2", "span=2026-06&under=A3")).toStrictEqual([["A4", "0", "333.33", false, null, true]]);
  const standing = await ask<Standing>("A2", "/standing?span=2026-06");
  expect(standing).toMatchObject({
    ...{ span: { name: "2026-06", state: "closed" }, is_computed: true, next: null, legs_elsewhere: null },
    me: { pv: "250", gv: "783.33", active: true, rank: { id: "gold" } },
    // 16.67 + 10.00 + 37.50.
    estimate: { amount: "64.17" },
    legs: [{ distributor_id: "A3", gv: "533.33", rank: { id: "silver" } }],
  });
  // 333.33 of 500 for silver; nothing can be done about it any more.
  const { next } = await ask<Standing>("A5", "/standing?span=2026-06");
  expect(next).toMatchObject({ rank: { id: "silver" }, gain: null, step: null });
  expect(next?.conditions.find(({ kind }) => kind === "gv")?.had).toBe("333.33");
});

test("what comes later changes nothing of it, and the present period stays what is asked for without a name", async () => {
  const before = await downline("A1", "span=2026-06");
  await sendOrders(hub, company, [{ id: "late", at: "2026-06-29", by: "A5", minor: 500_00 }]);
  expect(await downline("A1", "span=2026-06")).toStrictEqual(before);
  const { span } = await ask<Standing>("A1", "/standing");
  expect(span.name).not.toBe("2026-06");
  const { items } = await ask<{ items: { name: string; state: string | null }[] }>("A1", "/spans");
  expect(items[0]?.name).toBe(span.name);
  expect(items.slice(1).map(({ name, state }) => [name, state])).toStrictEqual([["2026-06", "closed"]]);
});

test("only closed periods can be looked back at, and only one's own company's", async () => {
  for (const path of ["/team", "/standing", "/team/A3"]) {
    expect(await statusOf("A2", `${path}?span=2026-07`), path).toBe(404);
    expect(await statusOf("A2", `${path}?span=1999-01`), path).toBe(404);
    expect(await statusOf("A2", `${path}?span=2026-06`), path).toBe(200);
  }
  expect(await statusOf("B1", "/team/A3?span=2026-06")).toBe(404);
  // The same ids and the same June, of another company: B1's leg is not there, and neither is what ours did.
  expect(await downline("rival", "span=2026-06&q=B1")).toStrictEqual([]);
});

test("whoever left a team is told of in a sum alone, and whoever came is told nothing of before", async () => {
  const today = new Date().toISOString().slice(0, 10);
  const body = { sponsor_id: "B1", at: today, reason: "enrolled with the wrong code" };
  const moved = await call(hub, "/api/distributors/A3/sponsor", { key, body });
  expect(moved.status, moved.text).toBe(200);
  expect(await downline("A2", "span=2026-06")).toStrictEqual([]);
  expect(await statusOf("A2", "/team/A3?span=2026-06")).toBe(404);
  const left = await ask<Standing>("A2", "/standing?span=2026-06");
  expect([left.me.gv, left.legs, left.legs_elsewhere]).toStrictEqual(["783.33", [], { people: 1, gv: "533.33" }]);
  expect(JSON.stringify(left)).not.toContain("A3");
  expect(await downline("B1", "span=2026-06")).toStrictEqual([
    ["A3", null, null, null, null, false],
    ["B2", "0", "0", false, null, true],
    ["A4", null, null, null, null, false],
    ["A5", null, null, null, null, false],
  ]);
  expect(await ask<Person>("B1", "/team/A3?span=2026-06")).toMatchObject({ pv: null, gv: null, rank: null, was_below: false });
  // Above both of them nothing changed.
  expect((await downline("A1", "span=2026-06")).filter(([, , , , , was]) => !was)).toStrictEqual([]);
});

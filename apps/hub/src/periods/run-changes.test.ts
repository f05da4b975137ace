import type { CloseResult } from "@upline/core/engine";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createKey } from "../keys/create.ts";
import {
  closeLedger,
  JUNE,
  openMonth,
  type PeriodCompany,
  sendOrders,
  setUpPeriodCompany,
  testPlan,
} from "../testing/periods.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { closePeriod, commitClose, previewClose, supersedeClose } from "./close.ts";
import type { Period } from "./queries.ts";
import { differencesOf, payOf } from "./run-changes.ts";

/** The figures of June are worked out in `close.test.ts`. What people gain is taken from two ledgers, and not from two runs. */

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
});
afterAll(() => hub.close());

const REFUND = { ...(JUNE[0] as (typeof JUNE)[number]), refunded: 333_33, changed: "2026-06-25" };
const LATE = { id: "j6", at: "2026-06-21", by: "B1", minor: 1_000_00 };

async function june(more: Parameters<typeof testPlan>[0] = { refundAfterClose: "write-off" }) {
  const company = await setUpPeriodCompany(hub, { plan: testPlan(more) });
  await sendOrders(hub, company, JUNE);
  const period = await openMonth(hub, company, "2026-06");
  const { companyId } = company;
  const as = (person: string) => ({ companyId, periodNo: period.periodNo, actor: person, person });
  const { key } = await createKey(hub, { companyId, name: "look", scopes: ["read"], owner: "Eve", actor: "test" });
  const ask = async (query = "", of: Period = period) => {
    const headers = { authorization: `Bearer ${key}` };
    const response = await hub.app.request(`/api/periods/${of.periodNo}/changes${query}`, { headers });
    // biome-ignore lint/suspicious/noExplicitAny: the test looks into an answer
    return { status: response.status, body: (await response.json()) as any };
  };
  const list = async () => {
    const headers = { authorization: `Bearer ${key}` };
    return (await hub.app.request(`/api/periods/${period.periodNo}/runs`, { headers })).json() as Promise<{ items: unknown[] }>;
  };
  return { company, period, as, ask, list };
}

/** Of what each has by two ledgers: by whom it is more, and by how much in minor units. */
function between(before: Readonly<Record<string, number>>, after: Readonly<Record<string, number>>): Map<string, number> {
  const people = new Map<string, number>();
  for (const [ledger, sign] of [
    [after, 1],
    [before, -1],
  ] as const)
    for (const [key, minor] of Object.entries(ledger)) {
      const who = key.split(" ").at(-1) as string;
      if (who !== "-") people.set(who, (people.get(who) ?? 0) + sign * minor);
    }
  return new Map([...people].filter(([, minor]) => minor !== 0));
}

const minorOf = (amount: string) => Number(amount.replace(".", ""));

async function paidOf({ company, as }: { company: PeriodCompany; as: (person: string) => Parameters<typeof closePeriod>[1] }) {
  await closePeriod(hub, as("ann"));
  await commitClose(hub, as("bob"));
  return closeLedger(hub, company);
}

test("whom a proposal pays more or less than the trial before it is what two ledgers differ by", async () => {
  const untouched = await paidOf(await june());
  const desk = await june();
  await previewClose(hub, desk.as("ann"));
  expect((await desk.ask()).status).toBe(404);
  await sendOrders(hub, desk.company, [LATE, REFUND]);
  const { run } = await closePeriod(hub, desk.as("ann"));
  const { status, body } = await desk.ask();
  expect([status, body.run_id, body.since_run_id]).toStrictEqual([200, String(run.runNo), String(run.runNo - 1n)]);
  await commitClose(hub, desk.as("bob"));
  const wanted = between(untouched, await closeLedger(hub, desk.company));
  // A5's only order went back; B1 rises from 6.03 to 168.08, 15 % of 1,120.50.
  expect([wanted.get("A5"), wanted.get("B1")]).toStrictEqual([-16_67, 162_05]);
  const told = new Map<string, number>(
    body.largest.map((one: { distributor_id: string; difference: string }) => [one.distributor_id, minorOf(one.difference)]),
  );
  expect(new Map([...told].sort())).toStrictEqual(new Map([...wanted].sort()));
  const sizes = [...told.values()].map(Math.abs);
  expect(sizes).toStrictEqual(sizes.toSorted((a, b) => b - a));
  const sum = (sign: 1 | -1) => [...wanted.values()].filter((minor) => Math.sign(minor) === sign);
  for (const [part, sign] of [
    [body.gained, 1],
    [body.lost, -1],
  ] as const) {
    const minors = sum(sign);
    expect([part.people, minorOf(part.amount)]).toStrictEqual([
      minors.length,
      minors.reduce((total, minor) => total + Math.abs(minor), 0),
    ]);
  }
});

test("a closed period computed again is compared with what was paid; a committed run with nothing; another period's run is none", async () => {
  const desk = await june();
  const paid = await paidOf(desk);
  expect((await desk.ask()).status).toBe(404);
  const again = await supersedeClose(hub, { ...desk.as("ann"), cause: "rerun" });
  const same = await desk.ask();
  expect([same.status, same.body.gained, same.body.lost, same.body.largest]).toStrictEqual([
    200,
    { people: 0, amount: "0.00" },
    { people: 0, amount: "0.00" },
    [],
  ]);
  expect(Object.keys(paid).length).toBeGreaterThan(0);
  const july = await openMonth(hub, desk.company, "2026-07");
  expect((await desk.ask(`?run_id=${again.run.runNo}`, july)).status).toBe(404);
  expect((await desk.ask("?run_id=999999")).status).toBe(404);
});

test("what is taken back of a closed period, and what a cap cuts, is told as the ledger has it", async () => {
  const cap = { kind: "company", atMost: { by: "share", share: "0.05" }, enforcement: "pro-rata" } as const;
  const desk = await june({ refundAfterClose: "reverse-delta", caps: [cap] });
  const paid = await paidOf(desk);
  const again = await supersedeClose(hub, { ...desk.as("ann"), cause: "rerun" });
  // Both are compared as they are cut.
  expect((await desk.ask(`?run_id=${again.run.runNo}`)).body).toMatchObject({ gained: { people: 0 }, lost: { people: 0 } });
  await sendOrders(hub, desk.company, [{ ...REFUND, changed: "2026-07-05" }]);
  await supersedeClose(hub, { ...desk.as("ann"), cause: "refund" });
  await commitClose(hub, desk.as("bob"));
  const refunded = await closeLedger(hub, desk.company);
  const wanted = between(paid, refunded);
  // It is told against the run before it, which paid what was paid.
  const [, proposal] = (await desk.list()).items as { run_id: string }[];
  const { body } = await desk.ask(`?run_id=${proposal?.run_id}`);
  const told = new Map<string, number>(
    body.largest.map((one: { distributor_id: string; difference: string }) => [one.distributor_id, minorOf(one.difference)]),
  );
  expect(wanted.get("A5")).toBe(-(paid["stairs A5"] ?? 0));
  expect(new Map([...told].sort())).toStrictEqual(new Map([...wanted].sort()));
});

test("what somebody is paid is the sum of all their bonuses", () => {
  const bonus = (...amounts: number[]) => ({ amounts: Float64Array.from(amounts) }) as CloseResult["bonuses"][number];
  // By number: the first is the company.
  expect([...payOf({ bonuses: [bonus(5, 0, 7, 0), bonus(1, 2, -9, 0)] })]).toStrictEqual([0, 6, 2, -2, 0]);
});

test("whoever gains or loses is counted once, and the sums are those of all, not of the largest only", () => {
  const pay = fc.array(fc.tuple(fc.integer({ min: 1, max: 150 }), fc.integer({ min: -500, max: 500 })));
  fc.assert(
    fc.property(pay, pay, (one, other) => {
      const [before, after] = [new Map(one), new Map(other)];
      const column = (of: ReadonlyMap<number, number>) =>
        Float64Array.from({ length: 1 + Math.max(0, ...of.keys()) }, (_, no) => of.get(no) ?? 0);
      const { gained, lost, largest } = differencesOf(column(before), column(after));
      let [up, down, people] = [0, 0, 0];
      for (let no = 1; no <= 150; no++) {
        const difference = (after.get(no) ?? 0) - (before.get(no) ?? 0);
        if (difference > 0) up += difference;
        if (difference < 0) down -= difference;
        if (difference !== 0) people += 1;
      }
      expect([gained.minor, lost.minor, gained.people + lost.people]).toStrictEqual([String(up), String(down), people]);
      const sizes = Array.from({ length: 151 }, (_, no) => ({
        no,
        size: Math.abs((after.get(no) ?? 0) - (before.get(no) ?? 0)),
      }));
      const wanted = sizes.filter(({ size }) => size > 0).sort((a, b) => b.size - a.size || a.no - b.no);
      expect(largest.map(({ distributorNo }) => distributorNo)).toStrictEqual(wanted.slice(0, 50).map(({ no }) => no));
    }),
  );
});

import { afterAll, assert, beforeAll, describe, expect, it } from "vitest";
import { asCompany } from "../db/connect.ts";
import { HubError } from "../errors.ts";
import { type DrawnCompany, drawCompany, drawVolumes, manyBonusesPlan } from "../testing/drawn-company.ts";
import { closeMonth, openMonth, type PeriodCompany } from "../testing/periods.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { recomputeRun } from "./compare.ts";
import { type ExplainedClose, explainPeriod, explainWhole } from "./explain.ts";
import { explanationsOf } from "./explained.ts";
import { explanationWrites } from "./explanation-queries.ts";
import { type Period, standingRun } from "./queries.ts";

/** Somebody's part of the tree tells what the whole company's computation does, which is the oracle here. */

const PEOPLE = 200;
/** So small that the upper levels of the tree are too large for it. */
const FEW = 12;

let hub: TestHub;
let company: DrawnCompany;
let first: Period;
let second: Period;
let ids: string[];
beforeAll(async () => {
  hub = await openTestHub();
  company = await drawCompany(hub, { seed: 21, people: PEOPLE, plan: manyBonusesPlan("charge") });
  const target: PeriodCompany = { companyId: company.companyId, slug: "", storeId: "" };
  first = await openMonth(hub, target, "2026-06");
  await drawVolumes(company, { periodNo: first.periodNo, rows: 900 });
  await closeMonth(hub, target, first);
  second = await openMonth(hub, target, "2026-07");
  await drawVolumes(company, { periodNo: second.periodNo, rows: 700 });
  await closeMonth(hub, target, second);
  const rows = await asCompany(
    hub.db,
    company.companyId,
    (tx) => tx<{ id: string }[]>`select distributor_id as id from distributors order by distributor_no`,
  );
  ids = rows.map(({ id }) => id);
}, 60_000);
afterAll(async () => {
  await company.owner.end();
  await hub.close();
});

const asking = (period: Period, distributorId: string) => ({
  ...{ companyId: company.companyId, periodNo: period.periodNo, actor: "ann", distributorId },
});
const every = (step: number) => ids.filter((_, index) => index % step === 0);

describe("of a closed period", () => {
  it("everything is what the whole company's computation says, of whoever has all or nobody below", async () => {
    for (const period of [first, second])
      for (const id of [...every(23), ids[1] as string]) {
        const act = asking(period, id);
        expect(await explainPeriod(hub, act), `${id} in ${period.name}`).toStrictEqual(await explainWhole(hub, act));
      }
  }, 120_000);

  it("what came of one person below is told alike, by whatever part", async () => {
    const source = ids.at(-1) as string;
    for (const id of [ids[0] as string, ...every(41)]) {
      const act = { ...asking(second, id), from: source };
      expect(await explainPeriod(hub, act), id).toStrictEqual(await explainWhole(hub, act));
    }
  }, 120_000);
});

describe("of whoever has too many people below for a request", () => {
  let large: string[];
  beforeAll(async () => {
    large = await asCompany(hub.db, company.companyId, async (tx) => {
      const { companyId } = company;
      const run = await standingRun(tx, { companyId, periodNo: second.periodNo });
      assert.ok(run !== null);
      const { input, result } = await recomputeRun(tx, companyId, run);
      const told = [...explanationsOf(input, result, FEW)];
      const next = explanationWrites(tx, { companyId, runNo: run.runNo }, told);
      for (let statement = next(); statement !== null; statement = next()) await statement;
      return told.map(({ distributorNo }) => ids[distributorNo - 1] as string);
    });
  }, 60_000);

  it("the run tells of exactly those whose part is refused", async () => {
    expect(large.length).toBeGreaterThan(10);
    expect(large.length).toBeLessThan(PEOPLE / 2);
    const refused: string[] = [];
    for (const id of ids)
      await explainPeriod(hub, { ...asking(first, id), most: FEW }).catch((error: unknown) => {
        assert.ok(error instanceof HubError && error.code === "unprocessable");
        expect(error.message).toMatch(/More than 11 people are below .* would\. `pnpm upline period explain/);
        refused.push(id);
      });
    // The trees of the first period are nearly those of the second, but for who moved in between.
    expect(large.filter((id) => refused.includes(id)).length).toBeGreaterThan(large.length * 0.8);
    for (const id of ids) {
      const told = explainPeriod(hub, { ...asking(second, id), most: FEW });
      await expect(told, id).resolves.toHaveProperty("distributorId", id);
    }
  }, 120_000);

  it("amounts, ranks and what is short are the same, and what one person below brought", async () => {
    for (const id of large.slice(0, 8)) {
      const whole = await explainWhole(hub, asking(second, id));
      const told = await explainPeriod(hub, { ...asking(second, id), most: FEW });
      expect([told.activity, told.rank, told.nextRank]).toStrictEqual([whole.activity, whole.rank, whole.nextRank]);
      const amounts = ({ bonuses }: ExplainedClose) => bonuses.map(({ bonusId, amount }) => [bonusId, amount]);
      expect(amounts(told)).toStrictEqual(amounts(whole));
      const lines = (of: ExplainedClose) => Object.fromEntries(of.bonuses.map((bonus) => [bonus.bonusId, bonus.lines]));
      expect(lines(told)).toMatchObject({ pairs: lines(whole).pairs, pool: lines(whole).pool?.slice(0, 1) });
      expect(lines(told).levels?.at(-1)).toBe("of many people below: ask what came from one of them");
      const from = ids.at(-1) as string;
      const [wholeFrom, toldFrom] = [
        await explainWhole(hub, { ...asking(second, id), from }),
        await explainPeriod(hub, { ...asking(second, id), from, most: FEW }),
      ];
      expect(toldFrom.notPaid).toStrictEqual(wholeFrom.notPaid);
    }
  }, 120_000);

  it("an open period is not guessed", async () => {
    const third = await openMonth(hub, { companyId: company.companyId, slug: "", storeId: "" }, "2026-08");
    await expect(explainPeriod(hub, { ...asking(third, ids[0] as string), most: FEW })).rejects.toThrow(
      /^More than 11 people are below \S+, and 2026-08 is open: it is explained once it is closed\. `pnpm upline period explain/,
    );
  });
});

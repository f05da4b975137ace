import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { formatAmount, type Plan, parsePlan } from "@upline/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addTree, placeDistributor } from "../network/placement.ts";
import { backTestPlan, type PastComparison } from "../periods/backtest.ts";
import { type DemoHub, openDemoHub } from "../testing/demo-company.ts";

/**
 * Each ready plan tried on the demo's orders beside the demo's own plan, as its page says. Because the demo has classes of other
 * names and places nobody, the plan tried takes the demo's classes and the demo's sellers have places. The expectation is the page itself:
 * `pnpm exec vitest run ready-plans --update` writes what a change of plan or demo makes of it, to be read before it is kept.
 */

let hub: DemoHub;
beforeAll(async () => {
  hub = await openDemoHub();
  for (const [tree, width] of TREES) await placeSellers(tree, width);
});
afterAll(() => hub.close());

/** Every placement tree that a ready plan pays on, with its width. */
const TREES = [
  ["binary", 2],
  ["matrix", 3],
  ["sponsor", 2],
] as const;
/** Whoever sold something in the demo, in the order in which they enrolled. */
const SELLERS = ["D1188", "D1189", "D1190", "D1191", "D1192", ...["D1194", "D1195", "D1196", "D1197", "D1198", "D1199", "D1200"]];
const PLACED_AT = new Date("2026-01-01T00:00:00Z");

/** The first on top, the others from above downward and from the left to the right. */
async function placeSellers(tree: string, width: number): Promise<void> {
  const act = { companyId: hub.companyId, actor: "test", tree };
  await addTree(hub, { ...act, width, depth: tree === "matrix" ? 7 : null, spillover: "breadth-first", windowDays: 30 });
  for (const [i, distributorId] of SELLERS.entries()) {
    const under = i === 0 ? { parentId: null } : { parentId: SELLERS[Math.floor((i - 1) / width)], leg: (i - 1) % width };
    await placeDistributor(hub, { ...act, distributorId, ...under, at: PLACED_AT });
  }
}

/** The document with the demo's classes: products and digital goods are what it calls products or services, starter kits are its kits. */
function withDemoClasses(document: string): Plan {
  const own = JSON.parse(document.replaceAll('"service"', '"standard"').replaceAll('"starter-kit"', '"starter"'));
  const digital = { ...own.commissionClasses[0], id: "digital", name: "Digital goods" };
  return parsePlan({ ...own, commissionClasses: [...own.commissionClasses, digital] });
}

const FOLDER = new URL("../../../../docs/plans/", import.meta.url);
const NAMES = readdirSync(FOLDER).flatMap((name) => (name.endsWith(".json") ? [name.replace(".json", "")] : []));
const PARAGRAPH = /\*\*On the demo\.\*\*.*(?:\n.+)*/;

test.for(NAMES)("the page of %s says what the plan comes to on the demo", async (name) => {
  const draft = withDemoClasses(readFileSync(new URL(`${name}.json`, FOLDER), "utf8"));
  const compared = await backTestPlan(hub, { companyId: hub.companyId, draft });
  const page = fileURLToPath(new URL(`${name}.md`, FOLDER));
  const said = readFileSync(page, "utf8");
  expect(said).toMatch(PARAGRAPH);
  await expect(said.replace(PARAGRAPH, paragraphOf(compared, draft))).toMatchFileSnapshot(page);
});

/** Orders told apart by the market, which is the country of whose order it is: what they pay was worked out from their lines, all of which count in full. */
const BY_HAND = [
  // In Brazil D1189 won one customer; whom D1199 won gave everything back. 10.00 for somebody without a rank of this plan.
  ["customer-acquisition", '"what": "new-customers"', ["BR"], { acquisition: 10_00 }],
  // D1190, the only one in India, sold one order of 11,056 CV; D1188 stands directly above and is a member: 3 % of it.
  ["two-tree-car", '"kind": "unilevel"', ["IN"], { levels: 331_68 }],
  // D1188 has D1189 (45.00 + 36.00) and below her D1191 (11.25 + 8.55) on the left, D1190 (11,056) on the right.
  // The demo's list says that D1188 is silver: 10 % of 100.80.
  ["weekly-binary-monthly-unilevel", '"kind": "binary"', ["BR", "IN"], { pairs: 10_08 }],
] as const;

test.for(BY_HAND)("%s pays on the demo what was worked out by hand for single orders", async ([name, what, markets, byBonus]) => {
  const document = readFileSync(new URL(`${name}.json`, FOLDER), "utf8");
  const limit = what.includes("kind")
    ? `"appliesTo": { "markets": ${JSON.stringify(markets)} }`
    : `"markets": ${JSON.stringify(markets)}`;
  const draft = withDemoClasses(document.replace(what, `${what}, ${limit}`));
  const { test: tried } = await backTestPlan(hub, { companyId: hub.companyId, draft });
  expect(tried.draft.byBonus).toStrictEqual(byBonus);
});

function paragraphOf({ test: tried, orders, spans, warnings }: PastComparison, draft: Plan): string {
  const money = (minor: number) => formatAmount(BigInt(minor), tried.currency);
  const { byBonus, paidMinor } = tried.draft;
  const paying = draft.bonuses.flatMap(({ id }) => (byBonus[id] === undefined ? [] : [`${id} ${money(byBonus[id])}`]));
  const silent = draft.bonuses.flatMap(({ id }) => (byBonus[id] === undefined ? [id] : []));
  const told = [
    paying.length === 0 ? "" : `: ${paying.join(", ")}`,
    silent.length === 0 ? "" : `${paying.length === 0 ? ":" : ";"} nothing of ${silent.join(", ")}`,
  ];
  const sum = `it pays ${money(paidMinor)} ${tried.currency}${told.join("")}`;
  return [
    `**On the demo.** On the ${orders} recorded orders of \`pnpm demo\` in ${spans.join(", ")} ${sum}.`,
    `The demo's own plan pays ${money(tried.inForce.paidMinor)}.`,
    "Tried with the demo's classes (products and digital goods as its products), and with the demo's twelve sellers placed.",
    ...warnings,
  ].join("\n");
}

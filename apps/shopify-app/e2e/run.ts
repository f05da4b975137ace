import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromiumPath } from "@upline/testing/chromium";
import { DEMO_SHOPS } from "../standin/demo-shops.ts";
import { openStack, type Stack } from "../standin/stack.ts";
import { Eyes } from "./browser.ts";
import { makeCompany } from "./company.ts";
import { journey } from "./journey.ts";
import { Failed, Judge } from "./judge.ts";
import { MUTANTS } from "./mutants.ts";
import { NEW_SHOP } from "./new-shop.ts";

export interface Verdict {
  readonly ok: boolean;
  /** Minor units by which the hub's commissions differ from the suite's own, at the end or where it broke off; -1 unknown. */
  readonly delta: number;
  readonly [name: string]: unknown;
}

/** One run on a hub, an app, a stand-in and a browser of its own; `mutant` makes one of the first two wrong. */
export async function runSuite(say: (line: string) => void, mutant: string | null = null): Promise<Verdict> {
  const began = performance.now();
  const dataDir = mkdtempSync(join(tmpdir(), "upline-shopify-e2e-"));
  const judge = new Judge(say);
  const open: { stack?: Stack; eyes?: Eyes } = {};
  let delta = -1;
  try {
    const executable = chromiumPath();
    if (executable === null) throw new Error("Chromium is not here: set UPLINE_CHROMIUM to its path");
    await judge.step("hub, app and stand-in are up", async () => {
      const rest = { appSettings: APP_SETTINGS, shops: [...DEMO_SHOPS, NEW_SHOP], before: mutated(mutant) };
      open.stack = await openStack({ dataDir, unsafeFast: true, hubSettings: HUB_SETTINGS, ...rest });
      open.eyes = await Eyes.open(executable);
    });
    const { stack, eyes } = open;
    if (stack && eyes) {
      delta = await journey({ stack, eyes, judge, hub: await makeCompany(stack) });
    }
  } catch (error) {
    for (const line of warningsIn(dataDir)) say(`     ${line}`);
    if (!(error instanceof Failed)) say(`FAIL ${error instanceof Error ? error.stack : error}`);
  } finally {
    await open.eyes?.close();
    await open.stack?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
  const failed = judge.steps.find((step) => step.failed !== null);
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  const outcome = { ok: judge.ok && delta === 0, delta, steps: judge.steps.length, seconds, ...judge.notes };
  return failed ? { ...outcome, failed: failed.name } : outcome;
}

/** What hub and app complained of in their logs, the last of it. */
function warningsIn(dataDir: string): string[] {
  return ["hub", "app"].flatMap((name) => {
    const file = join(dataDir, `${name}.log`);
    const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
    const bad = lines.filter((line) => line !== "" && !/"level":(10|20|30)\b/.test(line));
    return bad.slice(-8).map((line) => `${name}: ${line.slice(0, 400)}`);
  });
}

/** Reconciliation by itself would mend what webhooks lose before the suite has seen it missing. */
const HUB_SETTINGS = { UPLINE_RECONCILE_MINUTES: "0", UPLINE_RECONCILE_ALL_MINUTES: "0", UPLINE_BOOK_VOLUMES_MINUTES: "0" };

/** A shop has to choose a plan of the app first. */
const APP_SETTINGS = { UPLINE_PLAN_GATE: "app-pricing" };

function mutated(name: string | null): { hub?: string; app?: string } {
  if (name === null) return {};
  const mutant = MUTANTS[name];
  if (!mutant) throw new Error(`There is no mutant "${name}"; known: ${Object.keys(MUTANTS).join(", ")}.`);
  const loader = `${pathToFileURL(join(import.meta.dirname, "mutate.ts")).href}?mutant=${encodeURIComponent(name)}`;
  return { [mutant.inside]: loader };
}

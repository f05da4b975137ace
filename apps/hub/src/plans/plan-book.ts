import { type Plan, parsePlan } from "@upline/core";
import { closeAsks, measureNeeds } from "@upline/core/engine";
import type { Tx } from "../db/connect.ts";
import { readPlans } from "./queries.ts";

/** In force at no time. */
const WITHDRAWN = Number.POSITIVE_INFINITY;

interface Version {
  readonly hash: string;
  readonly from: number;
  readonly plan: Plan;
}

/** The published plans of a company: all that a close needs to know of its directory, which may hold a million people. */
export class PlanBook {
  /** Newest first. */
  readonly #versions: readonly Version[];
  readonly #asksFacts = new Map<string, boolean>();

  constructor(versions: readonly Version[]) {
    this.#versions = versions;
  }

  byHash(hash: string): Plan | null {
    return this.#versions.find((version) => version.hash === hash)?.plan ?? null;
  }

  /** Whether any version of a plan asks of single orders what volumes do not tell: it is booked then from the day such a version is published. */
  asksFacts(planId: string): boolean {
    const known = this.#asksFacts.get(planId);
    if (known !== undefined) return known;
    const asks = this.#versions.some(
      ({ plan }) => plan.id === planId && (measureNeeds(plan).given.length > 0 || closeAsks(plan).subscription),
    );
    this.#asksFacts.set(planId, asks);
    return asks;
  }

  /** The version of a plan in force at the beginning of a span, or else the first to come into force in it. */
  inForce(planId: string, span: { startsAt: Date; endsAt: Date }): { readonly hash: string; readonly plan: Plan } | null {
    const own = this.#versions.filter(({ plan, from }) => plan.id === planId && from < span.endsAt.getTime());
    return own.find(({ from }) => from <= span.startsAt.getTime()) ?? own.at(-1) ?? null;
  }
}

export async function readPlanBook(tx: Tx, companyId: number): Promise<PlanBook> {
  const rows = await readPlans(tx, companyId);
  return new PlanBook(
    rows.map((row) => ({ hash: row.planHash, from: row.effectiveFrom?.getTime() ?? WITHDRAWN, plan: parsePlan(row.document) })),
  );
}

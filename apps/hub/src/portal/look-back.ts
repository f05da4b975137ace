import type { Plan } from "@upline/core";
import type { Tx } from "../db/connect.ts";
import { HubError } from "../errors.ts";
import { type CloseRun, standingRun } from "../periods/queries.ts";
import { planOf } from "../periods/run.ts";
import { readPlanBook } from "../plans/plan-book.ts";
import { readSeller, type Seller } from "./seller.ts";
import { MOST_SPANS, readSpans, type Span } from "./spans.ts";

/** Earlier periods by which somebody looks at their team and their rank: those that are closed, as they were closed. */

/** What a page is about: the present period, or a closed one with the run that stands. */
export interface LookedAt {
  readonly span: Span;
  readonly plan: Plan | null;
  /** Null for the present period. */
  readonly run: CloseRun | null;
}

/** The present period and the closed ones since somebody joined, the newest first. */
export async function spansToSee(tx: Tx, seller: Seller): Promise<readonly Span[]> {
  const { enrolledAt: since } = await readSeller(tx, seller);
  const { spans } = await readSpans(tx, { companyId: seller.companyId, now: new Date(), since });
  return spans.filter(({ period }, index) => index === 0 || period?.state === "closed").slice(0, MOST_SPANS);
}

/** The period of that name, the present one where none is named. Throws HubError where it is none of `spansToSee`. */
export async function lookAt(tx: Tx, seller: Seller, name: string | undefined): Promise<LookedAt> {
  const { companyId } = seller;
  const { spans, plan } = await readSpans(tx, { companyId, now: new Date(), since: null });
  const [present] = spans;
  if (present === undefined) throw new Error("there is no present period");
  if (name === undefined || name === present.name) return { span: present, plan, run: null };
  const span = (await spansToSee(tx, seller)).find((each) => each.name === name);
  const run = span?.period == null ? null : await standingRun(tx, { companyId, periodNo: span.period.periodNo });
  if (span === undefined || run === null)
    throw new HubError("not-found", "There is no such closed period. GET /api/portal/spans lists them.");
  return { span, plan: planOf(await readPlanBook(tx, companyId), run), run };
}

/** The last moment of what is looked at, or now: as of then people stood where they stood. */
export const momentOf = ({ span, run }: Pick<LookedAt, "span" | "run">): Date =>
  run === null ? new Date() : new Date(span.endsAt.getTime() - 1);

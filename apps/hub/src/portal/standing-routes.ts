import { createRoute, z } from "@hono/zod-openapi";
import { inEnglish } from "@upline/core";
import { asCompany, type Database, type Tx } from "../db/connect.ts";
import { type CallerVariables, requireScope, signedInOnly } from "../http/auth.ts";
import { reasonShape } from "../http/reason-shape.ts";
import { amountText, answer, currencyText, decimal, newRoutes, problems, time } from "../http/shapes.ts";
import type { Network } from "../network/network.ts";
import { namesOf } from "../network/queries.ts";
import type { NetworkOf } from "../network/routes.ts";
import type { HubParts } from "../parts.ts";
import { lookAt, spansToSee } from "./look-back.ts";
import { nextStep, type Step } from "./next-step.ts";
import { type Seller, sellerOf } from "./seller.ts";
import { span, spanAnswer, spanName, tags, teammate, volume, volumeText } from "./shapes.ts";
import {
  estimateOf,
  type Leg,
  legsOf,
  mayBeCapped,
  type NextRank,
  nextRankOf,
  personOf,
  readStandingTogether,
  type Standing,
} from "./standing.ts";
import { isBelow } from "./team-queries.ts";

const rank = z.object({ id: z.string(), name: z.string() });

const person = teammate.extend({
  pv: volume,
  gv: volume,
  active: z.boolean(),
  rank: rank.nullable(),
  short_of_active: volume.openapi({
    description: "PV that are missing for being active; 0 where they are, or something else is",
  }),
});

const step = z
  .object({
    kind: z.enum(["own-volume", "group-volume", "activate", "other"]),
    volume: volume.nullable().openapi({ description: "What is missing" }),
    who: person.nullable().openapi({ description: "Who could do it, where it is somebody of the team" }),
  })
  .openapi("NextStep");

const standing = z
  .object({
    span,
    is_computed: z.boolean().openapi({
      description: "False where no period is open, or too many are below: then the rest says what the last close found",
    }),
    computed_at: time,
    currency: currencyText.nullable(),
    estimate: z
      .object({
        amount: decimal.openapi({ description: "What a close now would pay, beyond what orders have paid already" }),
        may_be_capped: z.boolean().openapi({ description: "A cap of the whole company may lower it" }),
        bonuses: z.array(
          z.object({
            bonus: z.string(),
            name: z.string().openapi({ description: "As the plan calls it" }),
            amount: decimal,
            of_last_run: z.boolean().openapi({ description: "As the last whole run told it: everybody shares it" }),
          }),
        ),
      })
      .nullable(),
    me: person.nullable(),
    minimum_pv: volume,
    title: rank.nullable().openapi({ description: "The highest rank ever held" }),
    next: z
      .object({
        rank,
        gain: decimal.nullable().openapi({ description: "What a close would pay more, were it reached and all else as it is" }),
        conditions: z.array(
          z.object({
            kind: z.string().openapi({ example: "active-legs" }),
            needed: volume,
            had: volume,
            met: z.boolean(),
            rank: rank.nullable(),
            short: z.string(),
            reason: reasonShape.nullable().openapi({ description: "What is short, before any language" }),
          }),
        ),
        step: step.nullable().openapi({ description: "The cheapest thing that is missing" }),
      })
      .nullable(),
    own_volume: volume,
    legs: z.array(person).openapi({ description: "The frontline by the tree of ranks, the largest group first" }),
    legs_elsewhere: z.object({ people: z.int(), gv: volume }).nullable().openapi({
      description: "Of a closed period: how many of that frontline are not below any more, and what their groups came to",
    }),
  })
  .openapi("PortalStanding");

const read = createRoute({
  method: "get",
  path: "/standing",
  security: signedInOnly(),
  operationId: "getPortalStanding",
  tags,
  summary: "Rank, volumes, and what a close now would pay",
  description:
    "By the close's own engine on the distributor's part of the tree, of everything that is recorded now. What depends on everybody is as the last whole run told it, and is marked so. " +
    "Of a closed period (`span`) it is what its close found, and `estimate` what that paid.",
  request: { query: z.object({ span: spanName }) },
  responses: { 200: answer("The standing", standing), ...problems(400, 401, 403, 404) },
});

const spans = createRoute({
  method: "get",
  path: "/spans",
  security: signedInOnly(),
  operationId: "listPortalSpansToSee",
  tags,
  summary: "The present period, and the closed ones since one joined, by which team and standing can be looked at",
  responses: { 200: answer("The spans, the present one first", z.object({ items: z.array(span) })), ...problems(401, 403, 404) },
});

export function standingRoutes(hub: HubParts, networkOf: NetworkOf) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  return routes
    .openapi(spans, async (c) => {
      const seller = sellerOf(c.get("caller"));
      const found = await asCompany(hub.db, seller.companyId, (tx) => spansToSee(tx, seller));
      return c.json({ items: found.map(spanAnswer) }, 200);
    })
    .openapi(read, async (c) => {
      const seller = sellerOf(c.get("caller"));
      const { span: name } = c.req.valid("query");
      const network = await networkOf(seller.companyId);
      return c.json(
        await asCompany(hub.db, seller.companyId, (tx) => answerStanding(tx, { db: hub.db, seller, network, name })),
        200,
      );
    });
}

type StandingAnswer = z.infer<typeof standing>;

interface Asking {
  readonly db: Database;
  readonly seller: Seller;
  readonly network: Network;
  readonly name?: string | undefined;
}

async function answerStanding(tx: Tx, asking: Asking): Promise<StandingAnswer> {
  const now = new Date();
  const { span: seen, plan, run } = await lookAt(tx, asking.seller, asking.name);
  const found = seen.period === null ? null : await readStandingTogether(asking.db, tx, asking.seller, seen.period);
  const empty: StandingAnswer = {
    ...{
      span: spanAnswer(seen),
      is_computed: false,
      computed_at: (run?.finishedAt ?? now).toISOString(),
      currency: seen.period?.currency ?? null,
    },
    ...{
      estimate: null,
      me: null,
      minimum_pv: plan?.active.minimumPv ?? "0",
      title: null,
      next: null,
      own_volume: "0",
      legs: [],
      legs_elsewhere: null,
    },
  };
  return found === null ? empty : { ...empty, ...(await standingAnswer(tx, { ...asking, isClosed: run !== null }, found)) };
}

/** Whom somebody may see of a frontline that once was theirs: whoever is below them still. */
function seenLegs({ seller, network, isClosed }: Asking & { readonly isClosed: boolean }, all: readonly Leg[]) {
  if (!isClosed) return { legs: all, elsewhere: null };
  const now = Date.now();
  const isSeen = ({ distributorNo }: Leg) => isBelow(network, distributorNo, seller.distributorNo, now);
  const gone = all.filter((leg) => !isSeen(leg));
  const gv = volumeText(gone.reduce((sum, leg) => sum + leg.gv, 0));
  return { legs: all.filter(isSeen), elsewhere: gone.length === 0 ? null : { people: gone.length, gv } };
}

async function standingAnswer(tx: Tx, asking: Asking & { readonly isClosed: boolean }, found: Standing) {
  const { period, seen, part, result } = found;
  const { companyId } = asking.seller;
  const { legs, elsewhere } = seenLegs(asking, legsOf(found));
  const me = personOf(found, part.no);
  const next = nextRankOf(found, { withGain: !asking.isClosed });
  const names = await namesOf(tx, { companyId, distributorNos: [me, ...legs].map(({ distributorNo }) => distributorNo) });
  const rankOf = (rankNo: number) => {
    const known = seen.plan.ranks[rankNo];
    return known === undefined ? null : { id: known.id, name: known.name };
  };
  const shown = (one: Leg) => ({
    distributor_id: names.get(one.distributorNo)?.distributorId ?? "",
    name: names.get(one.distributorNo)?.name ?? null,
    ...{ pv: volumeText(one.pv), gv: volumeText(one.gv), active: one.isActive, rank: rankOf(one.rankNo) },
    short_of_active: volumeText(one.shortOfActive),
  });
  const stepAnswer = (step: Step | null) =>
    step && {
      ...{ kind: step.kind, who: step.who && shown(step.who) },
      volume: step.units === null ? null : volumeText(step.units),
    };
  const bonuses = estimateOf(found);
  const sum = bonuses.reduce((all, { amountMinor }) => all + amountMinor, 0n);
  return {
    ...{ is_computed: true, currency: period.currency, me: shown(me), own_volume: volumeText(result.judgedBy.own[part.no] ?? 0) },
    minimum_pv: seen.plan.active.minimumPv,
    estimate: {
      ...{ amount: amountText(sum, period.currency), may_be_capped: !asking.isClosed && mayBeCapped(seen.plan) },
      bonuses: bonuses.map(({ bonusId, amountMinor, isOfLastRun }) => ({
        ...{ bonus: bonusId, amount: amountText(amountMinor, period.currency), of_last_run: !asking.isClosed && isOfLastRun },
        name: seen.plan.bonuses.find(({ id }) => id === bonusId)?.name ?? bonusId,
      })),
    },
    title: rankOf(result.ranks.title[part.no] ?? -1),
    next: next && {
      rank: rankOf(next.rankNo) ?? { id: "", name: "" },
      gain: next.gainMinor === null ? null : amountText(next.gainMinor, period.currency),
      conditions: next.conditions.map((condition) => conditionAnswer(condition, rankOf)),
      // Of what is closed nothing can be done any more.
      step: asking.isClosed ? null : stepAnswer(nextStep(next, legs)),
    },
    legs: legs.map(shown),
    legs_elsewhere: elsewhere,
  };
}

type Condition = NextRank["conditions"][number];
const COUNTED: readonly Condition["kind"][] = ["active-legs", "legs-with-rank", "held-before"];

function conditionAnswer(
  { kind, needed, had, isMet, rankNo, short }: Condition,
  rankOf: (no: number) => z.infer<typeof rank> | null,
) {
  const shortAnswer = { short: short === null ? "" : inEnglish(short), reason: short };
  const text = (value: number) => (COUNTED.includes(kind) ? String(value) : volumeText(value));
  return {
    kind,
    needed: text(needed),
    had: text(had),
    met: isMet,
    rank: rankNo === null ? null : rankOf(rankNo),
    ...shortAnswer,
  };
}

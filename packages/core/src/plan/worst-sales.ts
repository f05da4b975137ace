import { compareRatio, multiplyRatio, parseDecimal, type Ratio } from "../money.ts";
import { itemAt } from "../typed.ts";
import { bonusBase } from "./bonus-base.ts";
import { replacedBonuses, standingFastStarts } from "./fast-start-windows.ts";
import { reduceRatio } from "./parts.ts";
import type { Bonus, Plan } from "./schema.ts";
import { classFilter, takesSubscription } from "./takes.ts";

/** A bonus that depends on CV and on net has one of each. */
export interface BonusCeiling {
  readonly bonusId: string;
  /** `fixed` amounts and retail margins are no share of CV and are not in the sums. */
  readonly of: "cv" | "net" | "fixed";
  readonly share: Ratio | null;
  readonly why: string;
  /** Where it is a share and none is proven: the same before any language. */
  readonly open?: OpenCeiling | undefined;
}

/** Why a bonus has no bound; `bonus` is the one that it matches, and has none itself. */
export interface OpenCeiling {
  readonly because:
    | "binary"
    | "pv"
    | "qv"
    | "price"
    | "same-generation"
    | "guarantee"
    | "matched"
    | "matched-generation"
    | "endless-matches";
  readonly bonus?: string | undefined;
}

/**
 * The worst mix of sales under a plan's company caps. A cap bounds what its bonuses come to in all, not on each sale:
 * sales that use it up may stand beside sales that other bonuses pay on. For any weight λ between 0 and 1 for each
 * cap, λ × the cap + the worst sale with its bonuses counted (1 − λ) times bounds every mix (weak duality of linear
 * programs); the weights below are tried in turn, and the least bound counts.
 */
export function worstSales(plan: Plan, ceilings: readonly BonusCeiling[]): { ofCv: Ratio | null; ofNet: Ratio | null } {
  const caps = shareCaps(plan);
  const sales = salesOf(plan).map(
    (sale) =>
      new Map(plan.bonuses.filter((bonus) => takesSale(bonus, plan, sale)).map((bonus) => [bonus.id, partOf(bonus, plan, sale)])),
  );
  const bound = new Bound(caps, sales, ceilings);
  let weights = caps.map(() => ZERO);
  for (const bonusId of bound.unbounded()) {
    const place = caps.findIndex((cap) => cap.bonuses.has(bonusId));
    if (place < 0) return { ofCv: null, ofNet: bound.unbounded("net").size > 0 ? null : bound.worst("net", weights) };
    weights = weights.map((weight, i) => (i === place ? ONE : weight));
  }
  for (let place = 0; place < caps.length; place++) weights = bound.bestAt(place, weights);
  return { ofCv: bound.total(weights), ofNet: bound.worst("net", weights) };
}

const ZERO: Ratio = { num: 0n, den: 1n };
const ONE: Ratio = { num: 1n, den: 1n };

const plus = (a: Ratio, b: Ratio): Ratio => reduceRatio({ num: a.num * b.den + b.num * a.den, den: a.den * b.den });
const minus = (a: Ratio, b: Ratio): Ratio => plus(a, { num: -b.num, den: b.den });
const times = (a: Ratio, b: Ratio): Ratio => reduceRatio(multiplyRatio(a, b));

interface ShareCap {
  readonly share: Ratio;
  /** The bonuses it covers: what is paid at order time is paid before any cap. */
  readonly bonuses: ReadonlySet<string>;
}

function shareCaps(plan: Plan): ShareCap[] {
  return (plan.caps ?? []).flatMap((cap) => {
    if (cap.kind !== "company" || cap.atMost.by !== "share") return [];
    const covered = plan.bonuses.filter((bonus) => paidAtClose(bonus) && (cap.bonuses ?? [bonus.id]).includes(bonus.id));
    return [{ share: parseDecimal(cap.atMost.share), bonuses: new Set(covered.map((bonus) => bonus.id)) }];
  });
}

const paidAtClose = (bonus: Bonus): boolean => bonus.snapshot === "close";

class Bound {
  readonly #caps: readonly ShareCap[];
  readonly #sales: readonly PaidSale[];
  readonly #ceilings: readonly BonusCeiling[];

  constructor(caps: readonly ShareCap[], sales: readonly PaidSale[], ceilings: readonly BonusCeiling[]) {
    this.#caps = caps;
    this.#sales = sales;
    this.#ceilings = ceilings;
  }

  /** Bonuses without a bound of their own that some sale reaches. */
  unbounded(of?: "net"): Set<string> {
    const reached = new Set(this.#sales.flatMap((sale) => [...sale.keys()]));
    const open = this.#ceilings.filter(
      (ceiling) => ceiling.of !== "fixed" && ceiling.share === null && (of === undefined || ceiling.of === of),
    );
    return new Set(open.map((bonusCeiling) => bonusCeiling.bonusId).filter((id) => reached.has(id)));
  }

  /** λ × the caps and the worst sale at these weights. */
  total(weights: readonly Ratio[]): Ratio {
    const capped = this.#caps.map((cap, i) => times(cap.share, itemAt(weights, i))).reduce(plus, ZERO);
    return plus(capped, this.worst("cv", weights));
  }

  worst(of: "cv" | "net", weights: readonly Ratio[]): Ratio {
    return this.#sales.map((sale) => this.#sumOf(sale, of, weights)).reduce(larger, ZERO);
  }

  /** The best weight of one cap, the others as they are: the bound is piecewise linear and bends where two sales meet. */
  bestAt(place: number, weights: readonly Ratio[]): Ratio[] {
    const at = (weight: Ratio): Ratio[] => weights.map((ratio, i) => (i === place ? weight : ratio));
    const candidates = [itemAt(weights, place), ONE, ...(compareRatio(itemAt(weights, place), ONE) === 0 ? [] : this.#bends(at))];
    return candidates.map(at).reduce((best, next) => (compareRatio(this.total(next), this.total(best)) < 0 ? next : best));
  }

  #bends(at: (weight: Ratio) => Ratio[]): Ratio[] {
    const ends = this.#sales.map((sale) => ({
      open: this.#sumOf(sale, "cv", at(ZERO)),
      capped: this.#sumOf(sale, "cv", at(ONE)),
    }));
    const kinds = [
      ...new Map(ends.map((end) => [`${end.open.num}/${end.open.den} ${end.capped.num}/${end.capped.den}`, end])).values(),
    ];
    return kinds.flatMap((a) =>
      kinds.flatMap((b) => {
        // open − λ (open − capped) is the same of both.
        const rise = minus(minus(a.open, a.capped), minus(b.open, b.capped));
        const gap = minus(a.open, b.open);
        if (rise.num <= 0n || gap.num <= 0n) return [];
        const weight = reduceRatio({ num: gap.num * rise.den, den: gap.den * rise.num });
        return compareRatio(weight, ONE) < 0 ? [weight] : [];
      }),
    );
  }

  #sumOf(sale: PaidSale, of: "cv" | "net", weights: readonly Ratio[]): Ratio {
    return this.#ceilings
      .filter((ceiling) => ceiling.of === of && sale.has(ceiling.bonusId))
      .map((ceiling) => {
        const left = this.#caps.reduce(
          (rest, cap, i) => (cap.bonuses.has(ceiling.bonusId) ? minus(rest, itemAt(weights, i)) : rest),
          ONE,
        );
        return left.num <= 0n ? ZERO : times(times(left, sale.get(ceiling.bonusId) ?? ONE), ceiling.share as Ratio);
      })
      .reduce(plus, ZERO);
  }
}

/** The bonuses that a sale reaches, each with the part of its base that counts. */
type PaidSale = ReadonlyMap<string, Ratio>;

interface Sale {
  readonly commissionClass: string;
  readonly buyer: "customer" | "self";
  readonly market: string;
  readonly subscription: boolean;
  /** The fast starts whose windows are open. */
  readonly open: readonly string[];
}

/** Every class, buyer and market, with every set of windows that can be open at once. */
function salesOf(plan: Plan): Sale[] {
  const markets = [...new Set([...plan.bonuses.flatMap((bonus) => bonus.appliesTo?.markets ?? []), "any other"])];
  const windows = windowSets(plan);
  const subscriptions = plan.bonuses.some((bonus) => bonus.appliesTo?.orders !== undefined) ? [false, true] : [false];
  return plan.commissionClasses.flatMap(({ id: commissionClass }) =>
    (["customer", "self"] as const).flatMap((buyer) =>
      markets.flatMap((market) =>
        subscriptions.flatMap((subscription) =>
          windows.map((ids) => {
            const open = ids.filter((id) =>
              suits(
                plan.bonuses.find((bonus) => bonus.id === id),
                { market, buyer, subscription },
              ),
            );
            return { commissionClass, buyer, market, subscription, open };
          }),
        ),
      ),
    ),
  );
}

/** First order or not, and so many days since the enrolment: windows of days are open together up to the longest. */
function windowSets(plan: Plan): string[][] {
  const fastStarts = plan.bonuses.flatMap((bonus) => (bonus.kind === "fast-start" ? [bonus] : []));
  const days = fastStarts.flatMap(({ window }) => (window.kind === "days-after-enrolment" ? [window.days] : []));
  const passed = [0, ...new Set(days)];
  return [false, true].flatMap((first) =>
    passed.map((since) =>
      fastStarts.flatMap(({ id, window }) => ((window.kind === "first-order" ? first : window.days > since) ? [id] : [])),
    ),
  );
}

function suits(bonus: Bonus | undefined, sale: Omit<Sale, "commissionClass" | "open">): boolean {
  if (!takesSubscription(bonus?.appliesTo, sale.subscription)) return false;
  if (bonus?.appliesTo?.buyers !== undefined && !bonus.appliesTo.buyers.includes(sale.buyer)) return false;
  return bonus?.appliesTo?.markets === undefined || bonus.appliesTo.markets.includes(sale.market);
}

/** A matching reaches every sale; the others those they apply to and no fast start takes from them. */
function takesSale(bonus: Bonus, plan: Plan, sale: Sale): boolean {
  if (bonus.kind === "matching") return true;
  if (sale.buyer === "self" && (plan.ownPurchase === "pays-nobody" || (bonus.kind === "retail" && bonus.ownPurchases !== true)))
    return false;
  if (bonus.kind === "fast-start" && !sale.open.includes(bonus.id)) return false;
  if (replacedBonuses(plan, sale.open, sale.commissionClass).has(bonus.id)) return false;
  return classFilter(bonus, plan)(sale.commissionClass) && suits(bonus, sale);
}

/** What of a bonus's base counts on a sale. What is matched may be of any sale, and counts whole. */
function partOf(bonus: Bonus, plan: Plan, sale: Sale): Ratio {
  const base = bonusBase(bonus);
  const part = typeof base === "object" ? base?.partOf : undefined;
  const runs = standingFastStarts(plan, sale.open, sale.commissionClass).some(({ id }) => id === part?.window);
  return part !== undefined && runs ? parseDecimal(part.share) : ONE;
}

function larger(a: Ratio, b: Ratio): Ratio {
  return compareRatio(a, b) >= 0 ? a : b;
}

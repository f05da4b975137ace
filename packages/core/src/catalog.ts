import { LINE_VOLUME_MAX } from "./bounds.ts";
import { currencyExponent, divideHalfUp, MoneyError, multiplyRatio, parseDecimal, type Ratio } from "./money.ts";
import { netOfLine, retailOfLine } from "./net.ts";
import type { OrderLine, PlatformName } from "./order.ts";
import { type CommissionableLine, VOLUME_SCALE } from "./order-facts.ts";

/** A volume per unit sold ("25", "12.5") or as a share of the line's net ("80%"). */
export type VolumeRule =
  | { readonly kind: "per-unit"; readonly perUnit: Ratio }
  | { readonly kind: "of-net"; readonly share: Ratio };

/** One row of the SKU map: what a platform's variant or SKU is, for the plan, from a date on. */
export interface SkuMapping {
  readonly skuId: string;
  readonly platform: PlatformName;
  readonly platformSku: string;
  readonly variantId: string | null;
  readonly commissionClass: string;
  /** Volume rules as `parseVolumeRule` reads them: "25" per unit, "80%" of net. */
  readonly pv: string;
  readonly qv: string;
  readonly cv: string;
  /** Retail less wholesale for one unit, decimal text in the order's currency; null where unknown. */
  readonly retailMargin: string | null;
  /** ISO 8601; the newest row not later than the order's time counts. */
  readonly validFrom: string;
}

/** Reads "25", "12.5" or "80%". Throws MoneyError naming the text; negative volumes are refused. */
export function parseVolumeRule(text: string): VolumeRule {
  const share = text.trim().endsWith("%");
  const value = parseDecimal(share ? text.trim().slice(0, -1) : text);
  if (value.num < 0n) throw new MoneyError(`"${text}" is negative; a volume is zero or more`);
  return share ? { kind: "of-net", share: multiplyRatio(value, { num: 1n, den: 100n }) } : { kind: "per-unit", perUnit: value };
}

/** The same few texts come order after order. */
const knownRules = new Map<string, VolumeRule>();

function knownRule(text: string): VolumeRule {
  let rule = knownRules.get(text);
  if (rule === undefined) {
    rule = parseVolumeRule(text);
    if (knownRules.size < 10_000) knownRules.set(text, rule);
  }
  return rule;
}

/** The SKU map of a company, indexed for lookups as of a time. */
export class SkuMap {
  /** The newest first. */
  readonly #byKey = new Map<string, { readonly from: number; readonly row: SkuMapping }[]>();

  constructor(rows: readonly SkuMapping[]) {
    for (const row of rows) {
      if (row.variantId !== null) this.#add(`${row.platform}:variant:${row.variantId}`, row);
      if (row.platformSku !== "") this.#add(`${row.platform}:sku:${row.platformSku}`, row);
    }
    for (const list of this.#byKey.values()) list.sort((a, b) => b.from - a.from);
  }

  #add(key: string, row: SkuMapping): void {
    const list = this.#byKey.get(key);
    const dated = { from: Date.parse(row.validFrom), row };
    if (list) list.push(dated);
    else this.#byKey.set(key, [dated]);
  }

  /** By variant id, then by SKU, never by name. Null sends the line to quarantine. */
  find(args: { platform: PlatformName; line: Pick<OrderLine, "variantId" | "sku">; at: string }): SkuMapping | null {
    const time = Date.parse(args.at);
    const inForce = (key: string) => this.#byKey.get(key)?.find(({ from }) => from <= time)?.row ?? null;
    const { variantId, sku } = args.line;
    return (
      (variantId !== null && inForce(`${args.platform}:variant:${variantId}`)) ||
      (sku !== null && sku !== "" && inForce(`${args.platform}:sku:${sku}`)) ||
      null
    );
  }
}

/** What of a mapping decides an order's money: stored with the order when it is first seen. */
export type LockedMapping = Pick<SkuMapping, "skuId" | "commissionClass" | "pv" | "qv" | "cv" | "retailMargin">;

/**
 * A mapped line with its net and volumes (ten-thousandths, rounded half up once per line). Throws MoneyError naming the line
 * where its volume is larger than any close could sum.
 */
export function commissionableLine(args: {
  line: OrderLine;
  mapping: LockedMapping;
  currency: string;
  /** Minor units of the plan's currency for one of the order's, where they differ: a volume that is a share of net is one of that. */
  exchange?: { readonly rate: Ratio; readonly currency: string } | null;
}): CommissionableLine {
  const { line, mapping, currency, exchange } = args;
  const netMinor = netOfLine(line);
  const worth = exchange ? multiplyRatio({ num: netMinor, den: 1n }, exchange.rate) : { num: netMinor, den: 1n };
  const volume = (rule: string) => {
    const units = lineVolume({ rule: knownRule(rule), quantity: line.quantity, worth, currency: exchange?.currency ?? currency });
    if (units > LINE_VOLUME_MAX)
      throw new MoneyError(
        `the volume of line "${line.lineId}" is larger than any close can sum: check its quantity and the volume of its SKU`,
      );
    return units;
  };
  return {
    lineId: line.lineId,
    commissionClass: mapping.commissionClass,
    quantity: line.quantity,
    netMinor,
    pv: volume(mapping.pv),
    qv: volume(mapping.qv),
    cv: volume(mapping.cv),
    retailMinor: retailOfLine(line),
    retailMarginMinor: mapping.retailMargin === null ? null : marginOfLine(mapping.retailMargin, line.quantity, currency),
  };
}

function lineVolume(args: { rule: VolumeRule; quantity: number; worth: Ratio; currency: string }): bigint {
  const { rule, quantity, worth, currency } = args;
  if (rule.kind === "per-unit") {
    const units = parseDecimal(String(quantity));
    return divideHalfUp(rule.perUnit.num * units.num * VOLUME_SCALE, rule.perUnit.den * units.den);
  }
  const minorPerUnit = 10n ** BigInt(currencyExponent(currency));
  return divideHalfUp(worth.num * rule.share.num * VOLUME_SCALE, worth.den * rule.share.den * minorPerUnit);
}

function marginOfLine(margin: string, quantity: number, currency: string): bigint {
  const perUnit = parseDecimal(margin);
  const units = parseDecimal(String(quantity));
  return divideHalfUp(perUnit.num * units.num * 10n ** BigInt(currencyExponent(currency)), perUnit.den * units.den);
}

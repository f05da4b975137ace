import { inEnglish, type Reason, type ReasonKind, reason } from "@upline/core";

/**
 * Why a delivery changed nothing, before any language. What became of a delivery is kept as its English sentence; each that the hub and
 * its connectors write has a kind, and is known again only where that kind says the very same.
 */

const PLAIN: readonly ReasonKind[] = [
  ...["not-followed", "refund-not-moved", "refund-without-currency", "refund-without-tax", "a-subscription"],
  ...["body-erased", "body-damaged", "body-no-text", "expected-json", "expected-object", "expected-list"],
  ...["field-missing", "order-without-time", "refund-without-time", "amount-missing", "amount-negative"],
] as ReasonKind[];
const plain = new Map(PLAIN.map((kind) => [inEnglish(reason(kind)), kind]));

/** Those with figures; the names of the groups are the facts. */
const TOLD: readonly (readonly [ReasonKind, RegExp])[] = [
  ["hint-about", /^(?<entity>order|product|customer|coupon) (?<id>\S+)$/],
  ["cart-not-ordered", /^a cart that is not ordered yet \((?<status>.*)\)$/],
  ["of-type", /^type (?<type>.+)$/],
  ["of-action", /^action (?<action>.+)$/],
  ["field-missing", /^is missing: send (?<send>.+)$/],
  ["line-twice", /^(?<id>.+) stands twice: every line has an id of its own$/],
  ["no-order", /^neither an order nor anything else that (?<by>.+) sends$/],
  ["connector-failed", /^the connector failed: (?<error>\w+)$/],
  ["database-error", /^database error (?<state>\w+)$/],
];

/** Null of a sentence that is of no kind known here: it stays as it is. */
export function reasonOfDetail(detail: string | null): Reason | null {
  if (detail === null) return null;
  const [, path, why] = /^(\$?[\w$.[\]-]*): (.*)$/s.exec(detail) ?? [];
  const ofField = why === undefined ? null : simpleReason(why);
  const told = ofField === null ? simpleReason(detail) : reason("at-field", { path }, [ofField]);
  return told !== null && inEnglish(told) === detail ? told : null;
}

function simpleReason(text: string): Reason | null {
  const kind = plain.get(text);
  if (kind !== undefined) return reason(kind);
  for (const [of, form] of TOLD) {
    const found = form.exec(text);
    if (found !== null) return reason(of, { ...found.groups });
  }
  return null;
}

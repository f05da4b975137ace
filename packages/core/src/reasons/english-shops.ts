import type { Facts, Sentence } from "./sentence.ts";

/** Whose an order is, and what is the matter with a store. */
export const SHOPS = {
  "evidence-chosen": () => "decided",
  "evidence-outranked": () => "better evidence decided",
  "evidence-unknown-code": () => "no distributor has this code",
  "evidence-not-a-referral-code": () => "a discount that belongs to no distributor, so it claims nothing",
  "evidence-not-eligible": () => "the distributor may not receive orders (suspended or terminated)",
  "evidence-contradicts-itself": () => "the lines name different distributors",
  "evidence-not-alone": () => "came beside the order, and never decides by itself",
  "evidence-declined": () => "the buyer said that nobody referred them, so that no link counts",
  "evidence-period-closed": () => "the shop decided it after the order's period was closed: an administrator has to decide",
  "told-accepted": () => "somebody accepted it: the decision by hand",
  "told-refused": () => "somebody refused it",
  "told-agrees": () => "came beside the order, and says the same",
  "told-waits": () => "waits for a person to accept or refuse it",
  "decided-for-nobody": (f) => `${f.by === "admin" ? "an administrator" : "the shop"} decided that it belongs to nobody`,
  "decided-by-admin": (f) => `an administrator decided that it belongs to distributor ${f.distributor}`,
  "decided-by-evidence": (f) => `the ${source(f)} "${f.code}" (${f.where}) belongs to distributor ${f.distributor}`,
  "own-purchase-order": (f) => `no code came with it, and the buyer is distributor ${f.distributor}: an own purchase`,
  "no-code": () => "no referral code came with it: it belongs to the company",
  "code-to-nobody": () => "its code leads to nobody",
  "evidence-failed": (f, [why]) => `the ${source(f)} "${f.code}": ${why}`,
  "dead-letters": (f) => `${f.count === "1" ? "1 delivery" : `${f.count} deliveries`} could not be read: see the dead letters.`,
  "setting-left-out": (f) => `The setting ${f.setting} is left out: it ${f.message}.`,
  "shop-copied": (f) =>
    `Deliveries from ${f.url} are refused: the shop is known at ${f.home}. If that is a copy, let it keep silent; if the shop has moved, say so in its Upline screen.`,
  "cannot-ask": (f) =>
    `The hub cannot ask this shop what it missed: ${f.platform === "shopify" ? "install the Upline app in it" : "give it a REST key"}.`,
  "comparison-failed": (f) => `The last comparison failed: ${f.error ?? "unknown"}`,
  "gone-in-shop": () => "the shop says that it is gone, among more orders than it is believed at once",
  "shop-unreadable": () => "what the shop answers cannot be read: see the dead letters",
  "not-processed": () => "is not processed yet: it waits in the inbox",
  "worth-differs": () => "is worth something else here than in the shop",
  "orders-differ": (f) => `${f.count === "1" ? "1 order differs" : `${f.count} orders differ`} between shop and hub.`,
} as const satisfies Record<string, Sentence>;

const source = ({ source: from = "" }: Facts): string => SOURCES[from] ?? from;

const SOURCES: Readonly<Record<string, string>> = {
  manual: "decision by hand",
  "discount-code": "discount code",
  "checkout-field": "checkout field",
  "cart-attribute": "cart attribute",
  "line-property": "line property",
  "landing-site": "landing page",
  "web-pixel": "storefront's pixel",
  "buyer-claim": "buyer's claim",
};

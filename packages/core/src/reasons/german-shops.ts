import type { SHOPS as ENGLISH } from "./english-shops.ts";
import { number, quoted } from "./german-marks.ts";
import type { Facts, Sentence } from "./sentence.ts";

/** Whose an order is, and what is the matter with a store, in German. */
export const SHOPS: Readonly<Record<keyof typeof ENGLISH, Sentence>> = {
  "evidence-chosen": () => "hat entschieden",
  "evidence-outranked": () => "ein besserer Beleg hat entschieden",
  "evidence-unknown-code": () => "niemand hat diesen Code",
  "evidence-not-a-referral-code": () => "ein Rabatt, der niemandem gehört und darum nichts beansprucht",
  "evidence-not-eligible": () => "wem der Code gehört, darf keine Bestellungen bekommen (gesperrt oder ausgeschieden)",
  "evidence-contradicts-itself": () => "die Zeilen nennen verschiedene Personen",
  "evidence-not-alone": () => "kam neben der Bestellung und entscheidet nie allein",
  "evidence-declined": () => "wer kaufte, sagte, dass niemand geworben hat; darum zählt kein Link",
  "evidence-period-closed": () =>
    "der Shop entschied es, als der Zeitraum der Bestellung schon geschlossen war: die Verwaltung muss entscheiden",
  "told-accepted": () => "jemand hat es angenommen: die Entscheidung von Hand",
  "told-refused": () => "jemand hat es abgelehnt",
  "told-agrees": () => "kam neben der Bestellung und sagt dasselbe",
  "told-waits": () => "wartet darauf, dass jemand es annimmt oder ablehnt",
  "decided-for-nobody": (f) => `${f.by === "admin" ? "die Verwaltung" : "der Shop"} entschied, dass sie niemandem gehört`,
  "decided-by-admin": (f) => `die Verwaltung entschied, dass sie ${f.distributor} gehört`,
  "decided-by-evidence": (f) => `${source(f)} ${quoted(f.code)} (${f.where}) gehört ${f.distributor}`,
  "own-purchase-order": (f) => `kein Code kam mit ihr, und gekauft hat ${f.distributor}: ein eigener Einkauf`,
  "no-code": () => "kein Empfehlungscode kam mit ihr: sie gehört der Firma",
  "code-to-nobody": () => "ihr Code führt zu niemandem",
  "evidence-failed": (f, [why]) => `${source(f)} ${quoted(f.code)}: ${why}`,
  "dead-letters": (f) =>
    f.count === "1"
      ? "1 Nachricht konnte nicht gelesen werden: siehe die unlesbaren Nachrichten."
      : `${number(f.count)} Nachrichten konnten nicht gelesen werden: siehe die unlesbaren Nachrichten.`,
  "setting-left-out": (f) => `Die Einstellung ${f.setting} gilt nicht: Ihr Wert ist keiner, den sie haben kann.`,
  "shop-copied": (f) =>
    `Nachrichten von ${f.url} werden abgelehnt: Der Shop ist unter ${f.home} bekannt. Ist das eine Kopie, lassen Sie sie schweigen; ist der Shop umgezogen, sagen Sie es auf seiner Upline-Seite.`,
  "cannot-ask": (f) =>
    `Der Hub kann diesen Shop nicht nach dem fragen, was er verpasst hat: ${f.platform === "shopify" ? "installieren Sie die Upline-App darin" : "geben Sie ihm einen REST-Schlüssel"}.`,
  "comparison-failed": (f) => `Der letzte Vergleich ist gescheitert: ${f.error ?? "der Grund ist nicht bekannt"}`,
  "gone-in-shop": () => "der Shop sagt, dass es sie nicht mehr gibt, von mehr Bestellungen, als ihm auf einmal geglaubt wird",
  "shop-unreadable": () => "was der Shop antwortet, lässt sich nicht lesen: siehe die unlesbaren Nachrichten",
  "not-processed": () => "ist noch nicht verarbeitet: sie wartet im Eingang",
  "worth-differs": () => "ist hier etwas anderes wert als im Shop",
  "orders-differ": (f) =>
    f.count === "1"
      ? "1 Bestellung ist im Shop anders als im Hub."
      : `${number(f.count)} Bestellungen sind im Shop anders als im Hub.`,
};

const source = ({ source: from = "" }: Facts): string => SOURCES[from] ?? from;

const SOURCES: Readonly<Record<string, string>> = {
  manual: "die Entscheidung von Hand",
  "discount-code": "der Rabattcode",
  "checkout-field": "das Feld an der Kasse",
  "cart-attribute": "das Merkmal des Warenkorbs",
  "line-property": "das Merkmal der Zeile",
  "landing-site": "die erste aufgerufene Seite",
  "web-pixel": "der Pixel des Shops",
  "buyer-claim": "die Angabe nach dem Kauf",
};

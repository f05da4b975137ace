import type { DELIVERIES as ENGLISH } from "./english-deliveries.ts";
import type { Sentence } from "./sentence.ts";

/** Why a delivery changed nothing, in German. */
export const DELIVERIES: Readonly<Record<keyof typeof ENGLISH, Sentence>> = {
  "hint-about": (f) => `${ENTITIES[f.entity ?? ""] ?? f.entity} ${f.id}`,
  "not-followed": () => "nichts, dem Upline folgt",
  "refund-not-moved": () => "das Geld der Erstattung ist noch nicht geflossen",
  "refund-without-currency": () => "die Erstattung nennt keine Währung",
  "refund-without-tax": () => "die Erstattung sagt nicht, ob ihre Preise die Steuer enthalten",
  "cart-not-ordered": (f) => `ein Warenkorb, der noch nicht bestellt ist (${f.status})`,
  "a-subscription": () => "ein Abo: Seine Verlängerungen sind eigene Bestellungen",
  "of-type": (f) => `Typ ${f.type}`,
  "of-action": (f) => `Aktion ${f.action}`,
  "body-erased": () => "ihr Inhalt wurde gelöscht",
  "body-damaged": () => "ihr gespeicherter Inhalt ist beschädigt",
  "body-no-text": () => "der Inhalt ist kein UTF-8-Text",
  "at-field": (f, [why]) => `${f.path}: ${why}`,
  "expected-json": () => "JSON wird erwartet",
  "expected-object": () => "ein Objekt wird erwartet",
  "expected-list": () => "eine Liste wird erwartet",
  "field-missing": () => "fehlt",
  "order-without-time": () => "die Bestellung hat keine Zeit",
  "refund-without-time": () => "die Erstattung hat keine Zeit",
  "amount-missing": () => "der Betrag fehlt",
  "amount-negative": () => "der Betrag ist negativ",
  "line-twice": (f) => `${f.id} steht zweimal da: Jede Zeile hat eine eigene Nummer`,
  "no-order": () => "weder eine Bestellung noch sonst etwas, das dieser Shop sendet",
  "connector-failed": (f) => `die Anbindung ist gescheitert: ${f.error}`,
  "database-error": (f) => `Fehler der Datenbank ${f.state}`,
};

const ENTITIES: Readonly<Record<string, string>> = {
  order: "Bestellung",
  product: "Produkt",
  customer: "Kundenkonto",
  coupon: "Gutschein",
};

import type { ORDERS as ENGLISH } from "./english-orders.ts";
import { number, percent, quoted } from "./german-marks.ts";
import type { Facts, Sentence } from "./sentence.ts";

/** The steps of an order's walk in German. */
export const ORDERS: Readonly<Record<keyof typeof ENGLISH, Sentence>> = {
  "at-level": (f, [text]) => `Ebene ${f.level}: ${text}`,
  paid: (f) => `${ranked(f)} verdient ${share(f)} = ${money(f)}`,
  "paid-passed-share": (f) => `verdient den Anteil, den ${f.passedFrom} nicht bekommt: ${share(f)} = ${money(f)}`,
  "paid-difference": (f) =>
    `${ranked(f)} hat ${percent(f.own)}, darunter wurden ${percent(f.paidBelow)} gezahlt: ${share(f)} = ${money(f)}`,
  converted: (f) => `${number(f.net)} ${f.from} sind ${number(f.converted)} ${f.to} zum Kurs ${number(f.rate)}`,
  "paid-fixed": (f) => `${number(f.quantity)} × ${number(f.each)} = ${money(f)}`,
  base: (f, less) => baseText(f, less),
  "base-left": (f) =>
    `gezahlt auf ${baseName(f)}: von ${number(f.whole)} zählen ${number(f.base)} ${f.currency}, nach dem, was Bestellungen schon brachten, und wo nur ein Teil zählt`,
  "less-paid": (f) => `${number(f.amount)}, die ${quoted(f.bonus)} zahlte`,
  replaced: (f) => `diese Bestellung zahlt ${quoted(f.by)} anstelle dieses Bonus`,
  "rounded-to-zero": (f) => `${share(f)} sind gerundet nichts${rounded(f)}`,
  "passed-up-coded": (f) =>
    `${f.of === "sales" ? "Verkauf" : "Einschreibung"} Nummer ${f.number} gehört zu den ersten ${f.count}, deren Verdienst nach oben weitergeht`,
  "paid-to-company": (f) =>
    `von ${percent(f.own)} von ${number(f.base)} bleiben ${percent(f.paidBelow)} darunter: ${amount(f)} gehen an die Firma${rounded(f)}`,
  breakage: (f) => `niemand hat sich für ${share(f)} qualifiziert: ${amount(f)} bleiben bei der Firma${rounded(f)}`,
  "end-of-upline": (f) =>
    f.from === f.to
      ? `hier endet die Upline: auf Ebene ${f.from} steht niemand`
      : `hier endet die Upline: auf den Ebenen ${f.from} bis ${f.to} steht niemand`,
  "no-margin": () => "für diese Zeile ist keine Handelsspanne bekannt",
  promotion: (f) => `die Aktion ${quoted(f.promotion)} läuft: was sie festlegt, zählt anstelle dessen, was der Plan sonst sagt`,
  tree: (f) => `richtet sich nach dem Baum ${quoted(f.tree)}`,
  "own-purchase": () => "ein eigener Einkauf bringt nach diesem Plan niemandem etwas",
  "class-excluded": (f) => `die Provisionsklasse ${quoted(f.class)} nimmt an diesem Bonus nicht teil`,
  skipped: (_, [why]) => `${why}; übersprungen, die Ebene geht an die nächste Person`,
  unearned: (_, [why]) => `${why}; nicht verdient, die Ebene ist verbraucht`,
  "source-dropped": (_, [why]) => `${why}; dieses Volumen bringt niemandem etwas`,
  "source-rolled-up": (f, [why]) => `${why}; dieses Volumen zählt, als wäre es das von ${f.to}`,
  "why-status": (f) => `der Status ${STATUSES[f.status ?? ""] ?? quoted(f.status)} verdient nicht`,
  "why-pv": (f) =>
    `${f.rank ?? "wer aktiv sein will,"} braucht ${number(f.neededPv)} PV, hatte ${number(f.hadPv)}: ${number(f.shortPv)} PV fehlen`,
  "why-blocked": (f) => `jemand mit ${f.rank ?? "gleichem Rang"} oder höher steht dazwischen`,
  "why-already-paid": () => "ein mindestens so hoher Anteil wurde auf dieses Volumen schon gezahlt",
  "why-condition": (_, [short = ""]) => short,
  "why-closed": (f) =>
    `Ebene ${f.level} ist nicht offen: ${f.measure} war ${number(f.had)}${f.needed === undefined ? "" : `, ab ${number(f.needed)} ist sie es`}`,
  "why-row": (f) =>
    `${f.measure ?? TABLES[f.by ?? ""] ?? f.by} war ${number(f.had ?? (isByRank(f) ? "kein Rang" : "ein anderer Wert"))}, wofür es hier keinen Satz gibt${
      f.needed === undefined ? "" : `: den ersten gibt es ab ${number(f.needed)}`
    }`,
  "why-passed-up": () => "diese Einschreibung gehört zu den ersten, deren Verdienst nach oben weitergeht",
  "why-rank": (f) =>
    f.lowest === undefined
      ? `${ranked(f)} bekommt hier nichts`
      : `${ranked(f)} bekommt hier nichts, der niedrigste Rang, der etwas bekommt, ist ${f.neededRank ?? "keiner"}`,
  "no-longer-earned": (_, [before]) => `nicht mehr verdient; zuvor: ${before}`,
};

const ranked = ({ rank }: Facts): string => rank ?? "wer keinen Rang hat,";
const share = ({ rate, base }: Facts): string => `${percent(rate)} von ${number(base)}`;
const amount = (f: Facts): string => `${number(f.amount)} ${f.currency}`;
const money = (f: Facts): string => `${amount(f)}${rounded(f)}`;
const baseName = ({ of = "" }: Facts): string => BASES[of] ?? of;

const isByRank = ({ by }: Facts): boolean => by === "title" || by === "rank";

const STATUSES: Readonly<Record<string, string>> = {
  active: "„aktiv“",
  inactive: "„nicht aktiv“",
  suspended: "„gesperrt“",
  terminated: "„ausgeschieden“",
  "not earning": "„verdient nicht“",
};

const TABLES: Readonly<Record<string, string>> = {
  title: "der Titel",
  rank: "der Rang",
  "source-rank": "der Rang dessen, um dessen Volumen es geht,",
  "leg-rank": "der Rang des Beins",
  "order-size": "die Größe der Bestellung",
};

const BASES: Readonly<Record<string, string>> = {
  net: "den Nettobetrag",
  retail: "den Verkaufspreis",
  cv: "Geld für CV",
  pv: "Geld für PV",
  qv: "Geld für QV",
};

function baseText(f: Facts, less: readonly string[]): string {
  const left =
    less.length === 0
      ? `${number(f.whole)} ${f.currency}`
      : `${number(f.whole)} weniger ${less.join(" und ")} = ${number(f.rest)} ${f.currency}`;
  const part =
    f.window === undefined
      ? ""
      : `; davon zählen ${percent(f.share)}, solange ${quoted(f.window)} läuft: ${number(f.base)} ${f.currency}`;
  return `gezahlt auf ${baseName(f)}: ${left}${part}`;
}

function rounded(f: Facts): string {
  if (f.exact === undefined || f.exact === f.amount) return "";
  return ` (genau ${number(f.exact)}: die Anteile einer Bestellung werden zusammen gerundet, die größten Reste auf)`;
}

import type { CLOSES as ENGLISH } from "./english-closes.ts";
import { number, quoted } from "./german-marks.ts";
import type { Facts, Sentence } from "./sentence.ts";

/** A distributor's close in German. */
export const CLOSES: Readonly<Record<keyof typeof ENGLISH, Sentence>> = {
  money: (f) => money(f),
  "status-not-earning": () => "nicht aktiv: der Status verdient nicht",
  active: (f) => `aktiv: ${number(f.pv)} PV von ${number(f.needed)} nötigen`,
  "pv-needed": (f) => `nicht aktiv: ${number(f.needed)} PV nötig, da waren ${number(f.had)}`,
  "pv-short": (f) => `nicht aktiv: ${number(f.needed)} PV nötig, da waren ${number(f.had)}: ${number(f.short)} PV fehlen`,
  "not-active": (_, [short]) => `nicht aktiv: ${short}`,
  "paid-as": (f, [how]) =>
    `bezahlt als ${f.rank ?? NONE}${how === undefined ? "" : `, ${how}`}; höchster Titel: ${f.title ?? "keiner"}${
      f.tree === undefined ? "" : `; Beine und Gruppen sind die des Baums ${quoted(f.tree)}`
    }`,
  "left-by-close": (f) => `wie es der letzte Abschluss von ${quoted(f.calendar)} hinterließ`,
  "figures-give": (f, [why]) => `obwohl die Zahlen des Zeitraums ${f.rank ?? "keinen Rang"} ergeben (${why})`,
  "directive-in-force": (f) => DIRECTIVES[f.directive ?? ""] ?? `eine Entscheidung der Verwaltung gilt (${f.directive})`,
  "kept-by-grace": (f) => `aus Kulanz behalten, ${f.used} der erlaubten Zeiträume`,
  "taken-as-paid": () => "übernommen, wie schon bezahlt",
  "for-rank": (f) => `für ${f.rank ?? NONE}:`,
  "volume-short": (f) =>
    `${VOLUMES[f.of ?? ""] ?? f.of}: nötig sind ${number(f.needed)}, da waren ${number(f.had)}: ${number(f.short)} fehlen`,
  "active-legs-short": (f) => `aktive erste Linie: nötig sind ${number(f.needed)}, da waren ${number(f.had)}`,
  "legs-with-rank-short": (f) => `Beine mit ${f.rank} oder höher: nötig sind ${number(f.needed)}, da waren ${number(f.had)}`,
  "held-short": (f) => `${f.rank} in den ${number(f.needed)} Zeiträumen davor: da waren es ${number(f.had)}`,
  "level-from-rank": (f, short) =>
    `Ebene ${f.level} wird ab ${f.rank} bezahlt: ${short.join("; ") || "qualifiziert, aber als anderer Rang bezahlt"}`,
  "of-source": (f, [text]) => `${f.source}: ${text}`,
  "and-more": (f) => `und ${number(f.count)} weitere`,
  "of-many-below": () => "von vielen Leuten darunter: was von einer Person kam, wird einzeln erklärt",
  "level-paid": (f) => `Ebene ${f.level}${f.source === undefined ? "" : `, auf ${f.source}`}: ${money(f)}`,
  "does-not-qualify": (_, [short]) => `qualifiziert sich nicht: ${short}`,
  "returns-wait": (f) =>
    `${f.currency === undefined ? `${number(f.volume)} ${f.of}` : money(f)} aus zurückgekommener Ware warten und gehen von dem ab, was als Nächstes kommt`,
  cut: (f, before) =>
    `verdient ${number(f.earned)} ${f.currency}, Grenze ${number(f.cap)} ${f.currency}${lessBefore(f, before)}: ${number(f.paid)} ${f.currency} bleiben`,
  bonus: (f) => quoted(f.bonus),
  "binary-cycles": (f) => `neues Volumen ${sides(f)}: ${number(f.matched)} Zyklen`,
  "binary-matched": (f) => `neues Volumen ${sides(f)}: ${number(f.matched)} gepaart`,
  "no-own-volume": () => "kein eigenes Volumen nimmt eine Seite ein",
  "own-volume": (f) => `eigenes Volumen darin: ${sides(f)}`,
  "pairs-unpaid": (f) => `verbraucht und nicht bezahlt, weil die Bedingung nicht erfüllt ist: ${sides(f)}`,
  "rules-in-turn": (f) => `von ${number(f.rules)} Regeln nacheinander verbraucht: ${sides(f)}`,
  "leg-deficit": (f) =>
    `${f.side === "left" ? "links" : "rechts"}: ${number(f.volume)} aus zurückgekommener Ware muss neues Volumen noch ausgleichen`,
  "due-from-group": (f) => `aus der Gruppe von ${f.leader}: ${money(f)}`,
  "due-shortfall": (f) =>
    `${money(f)} davon gehen weiter an die nächste Führungsperson: der eigenen Gruppe fehlt etwas am Minimum auf ${number(f.volume)} CV`,
  "due-not-kept": (f, [keeps = ""]) => `${money(f)} davon gehen weiter an die nächste Führungsperson: ${keeps}`,
  "keeping-needs": (f) =>
    `zum Behalten ist eine persönliche Gruppe von ${number(f.needed)} nötig, da waren ${number(f.had)}: ${number(f.short)} fehlen; oder ${number(f.groups)} zahlende Gruppen, da waren ${number(f.hadGroups)}`,
  "due-pays": (f) => `die eigene Gruppe zahlt ${money(f)} an ${f.leader}`,
  "due-for-rank": (f) => `nichts erhalten: es ist für ${f.rank} oder höher`,
  "due-for-active": () => "nichts erhalten: es ist für Aktive, und was Gruppen darunter schulden, ging weiter nach oben",
  "due-no-group": () => "nichts erhalten: keine Gruppe darunter hat sich gelöst und etwas verkauft",
  "pool-later": () => "alle teilen ihn: wie groß er ist, steht fest, sobald der Zeitraum geschlossen ist",
  "pool-empty": () => "im Topf ist nichts",
  "pool-for-active": () => "nicht dabei: nur Aktive teilen den Topf",
  "pool-no-units": (_, sources) => `keine Anteile (${sources.join(", ")})`,
  "pool-share": (f, sources) =>
    `${number(f.units)} von ${number(f.all)} Anteilen (${sources.join(", ")}) an einem Topf von ${money(f)}`,
  "pool-cut": (f) => `niemand bekommt mehr als ${money(f)}; der Rest ${CUT[f.goesTo ?? ""] ?? f.goesTo}`,
  "units-by-rank": (f) => `Rang: ${number(f.units)}`,
  "units-by-volume": (f) => `${f.volume}: ${number(f.units)}`,
  "units-by-measure": (f) => `${f.measure} ${number(f.value)} × ${number(f.each)}: ${number(f.units)}`,
};

const NONE = "ohne Rang";

const money = (f: Facts): string => `${number(f.amount)} ${f.currency}`;

const DIRECTIVES: Readonly<Record<string, string>> = {
  override: "eine Festlegung der Verwaltung gilt",
  constraint: "eine Obergrenze der Verwaltung gilt",
};

const VOLUMES: Readonly<Record<string, string>> = {
  pv: "eigenes Volumen",
  gv: "Gruppenvolumen",
  "gv-under-max-leg": "Gruppenvolumen, kein Bein zu groß",
  "personal-group-volume": "Volumen der persönlichen Gruppe",
  "retail-volume": "Volumen eigener Kunden",
};

const CUT: Readonly<Record<string, string>> = {
  others: "geht nach ihren Anteilen an die anderen",
  company: "bleibt bei der Firma",
  "roll-over": "geht in den nächsten Topf",
};

const sides = ({ left, right }: Facts): string => `links ${number(left)}, rechts ${number(right)}`;

function lessBefore({ paidBefore, currency }: Facts, bonuses: readonly string[]): string {
  return bonuses.length === 0 ? "" : ` weniger ${number(paidBefore)} ${currency}, die ${bonuses.join(", ")} davor zahlten`;
}

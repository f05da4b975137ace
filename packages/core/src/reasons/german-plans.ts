import type { PLANS as ENGLISH } from "./english-plans.ts";
import { number, quoted } from "./german-marks.ts";
import type { Facts, Sentence } from "./sentence.ts";

/** What the linter finds in a plan, and what would be right, in German. Words of the plan language stay as the plan writes them. */
export const PLANS: Readonly<Record<keyof typeof ENGLISH, Sentence>> = {
  "rank-circular": (f) => `verlangt Ränge, die vor ${quoted(f.rank)} selbst nicht zu erreichen sind`,
  "lower-ranks-only": () => "Bedingungen, die nur niedrigere Ränge verlangen",
  "rank-shadowed": (f) => `wird nie bezahlt: Wer ${quoted(f.rank)} erfüllt, erfüllt auch ${quoted(f.above)}`,
  "condition-tightened": (f) => `mindestens eine Bedingung, die ${quoted(f.above)} verschärft`,
  "unless-imported": (_, [right]) => `${right}, sofern Ränge nicht eingelesen werden`,
  "level-pays-nobody": (f) => `zahlt auf Ebene ${number(f.level)} niemandem`,
  "rate-or-fewer-levels": () => "dort ein Satz über 0 für irgendeinen Rang, oder weniger Ebenen",
  "rates-below-depth": (f) => `hat Sätze unterhalb der Tiefe ${number(f.depth)} der Matrix`,
  "rates-at-most": (f) => `höchstens ${number(f.depth)} Sätze je Rang`,
  "row-of-nobody": () => "ist niemandes Zeile: Jeder Rang hat seine eigene",
  "left-out": () => "es wegzulassen",
  "pays-on-fee": (_, bonuses) => `lässt ${bonuses.join(", ")} auf eine Einschreibegebühr zahlen, ohne dass etwas verkauft wird`,
  "no-bonus-of-class": () => "[] bei dieser Klasse, damit kein Bonus sie einbezieht",
  "not-bounded": (f, [why]) => `${quoted(f.bonus)} (${why})`,
  "no-ceiling": (f, open) => `hat keine bewiesene Obergrenze: Unbegrenzt sind ${open.join("; ")}${rest(f)}`,
  "cap-by-share": () => "eine Obergrenze der Firma als Anteil über diese Boni in „caps“",
  "pays-out": (f, fixed) => `kann ${ceiling(f)} auszahlen${besides(fixed)}`,
  "pays-out-at-most": (f, fixed) => `kann höchstens ${ceiling(f)} auszahlen${besides(fixed)}`,
  "less-than-all": () => "weniger als 100 %, oder eine Obergrenze der Firma",
  "less-than-net": () => "weniger als 100 % vom Netto: Mehr kommt nicht herein",
  "usual-or-cap": () => "60 % oder weniger, wie es üblich ist, oder eine Obergrenze der Firma",
  "nothing-to-do": () => "nichts zu tun",
  "paired-everywhere": () =>
    "eine Bestellung wird an jedem Platz über ihr noch einmal gepaart; nur eine Obergrenze der Firma begrenzt das",
  "share-of-volume": (f) => `er ist ein Anteil am ${f.of}, und das ist kein Anteil am CV`,
  "share-of-price": () => "er ist ein Anteil am Preis vor Rabatten, der ein Vielfaches vom Netto sein kann",
  "generation-twice": () => "für dieselbe Generation können mehrere Personen darüber bezahlt werden",
  "generation-matched-twice": () => "mehrere Personen darüber können dieselbe Generation matchen",
  "company-makes-up": () =>
    "die Firma gleicht aus, was einer Gruppe zum garantierten Mindestbetrag fehlt, so wenig sie auch verkauft hat",
  "matches-without-end": () => "Matches von Matches enden nie: Die Sätze ergeben zusammen 100 % oder mehr",
  "matched-not-bounded": (f) => `was er matcht, ist unbegrenzt: ${f.bonus}`,
  "own-purchases-alone": () => "lässt sich allein durch eigene Einkäufe erfüllen",
  "sales-to-customers": () =>
    "ein retailVolume in den Rängen oder eine Bedingung über Verkäufe an Kunden, wo das Recht eines Marktes auf Verkäufe an Kunden sieht",
  "markets-mixed": () => "paart Volumen aus Märkten, in denen CV verschieden viel wert ist, zum Satz von „*“",
  "one-rate-or-binary-each": () => "eine einzige cvRate, oder ein binärer Bonus je Markt",
  "paid-by-ids": () => "zahlt in der Reihenfolge der Nummern, sodass späte leer ausgehen können",
  word: (f) => quoted(f.word),
  "returns-stay-paid": () => "lässt bezahlt, was auf zurückgegebene Ware gezahlt wurde, soweit sie neue Verkäufe überwiegt",
  "charge-or-carry": () => "„charge“ oder „carry“",
  "returns-not-stated": () =>
    "ist nicht gesagt: Was nach einem Abschluss zurückkommt, wird im nächsten denen angerechnet, die daran verdienen würden",
  "charge-to-say-so": () => "„charge“, um es zu sagen, oder „carry“",
  "pays-for-recruiting": (_, measures) =>
    `zahlt für das Anwerben: verlangt wird nichts als ${measures.join(" und ")}, also Einschreibungen oder Startpakete`,
  "measure-of-sales": () =>
    "ein Maß für Verkäufe an Kunden oder für Volumen, oder eine Anzahl von Personen, die eines davon erfüllen",
  "asked-by-nothing": () => "wird von nichts verlangt",
  "left-out-or-asked": () => "es wegzulassen, oder die Stelle, die es verlangen soll",
  "caps-nothing": () => "nennt keine Obergrenze, sodass nichts gekürzt wird",
  "cap-of-one": () => "eine Obergrenze für mindestens einen Bonus",
  "cap-too-late": (f) => `nennt ${quoted(f.bonus)}, der mit der Bestellung bezahlt wird: Diese Obergrenze erreicht ihn nicht`,
  "running-total-or-close": () => "eine Obergrenze der Art „running-total“, oder der Zeitpunkt „close“ für diesen Bonus",
  "guarantees-nothing": () => "ist 0, sodass nichts garantiert ist",
  "breakaway-volume": () => "das Volumen, bei dem eine Gruppe sich ablöst",
  "one-rate-of-many": () => "zählt zum CV-Satz von „*“, obwohl die Märkte sich unterscheiden",
  "one-rate-or-override-each": () => "eine einzige cvRate, oder ein Override je Markt",
  "one-group-keeps": () => "ist 1: Wer irgendetwas bekommt, behält es",
  "two-or-left-out": () => "mindestens 2, oder „keeps“ wegzulassen",
  "nobody-without-tree": (f) => `zahlt niemandem: Es gibt keinen Platzierungsbaum ${quoted(f.tree)}`,
  "add-the-tree": () => "den Baum zuerst anzulegen",
  "tree-of-these": (f) => `einer von ${f.trees}, oder den Baum zuerst anzulegen`,
  "nobody-without-class": () => "zahlt niemandem: Keine Provisionsklasse gehört dazu",
  "class-that-names-it": () => "eine Klasse, deren Boni ihn nennen",
  "nobody-by-own": () => "zahlt niemandem: Eigene Einkäufe zahlen hier nichts",
  "customers-too": () => "„customer“ unter denen, die kaufen",
  "nobody-without-cv": () => "zahlt niemandem: In keinem Markt ist CV Geld wert",
  "cv-rate-above-0": () => "ein Satz über 0 in „cvRates“",
  "nobody-on-nothing": () => "zahlt niemandem: Er wird auf nichts berechnet",
  "share-above-0": () => "ein Anteil über 0",
  "nobody-at-0": () => "zahlt niemandem: Jeder Satz und Betrag ist 0",
  "rate-above-0": () => "ein Satz über 0 für irgendeinen Rang",
  "nobody-over-0": () => "zahlt niemandem: Niemand darf mehr als 0 bekommen",
  "share-or-amount-above-0": () => "ein Anteil oder Betrag über 0",
  "nobody-by-match": () => "zahlt niemandem: Was er matcht, zahlt nichts",
  "bonus-that-pays": () => "ein Bonus, der zahlt",
  "begins-too-low": (f) =>
    `beginnt ${number(f.first)} über der Person, der die Bestellung gehört, wo ${quoted(f.bonus)} noch zahlt, der bis ${number(f.deepest)} darüber reicht`,
  "begins-higher": () => "ein höheres „belowLevel“, oder „levelOne“: „sponsor“, wo die Ebenen beim Sponsor beginnen",
  "rounds-what-nobody-shares": () => "ist „largest-remainder“, aber kein Bonus teilt einen Betrag unter mehreren Personen auf",
  "half-up": () => "„half-up“, was auf dasselbe hinausläuft",
  "keeps-all": () => "behält den ganzen Satz, sodass nichts nach oben gegeben wird",
  "less-than-rate": () => "weniger als der Satz",
  "no-such-tree": () => "ist ein Platzierungsbaum, und die Firma hat keinen dieses Namens",
  "tree-unused": () => "wird nirgends benutzt",
  "left-out-or-gone-by": () => "ihn wegzulassen, oder der Weg oder das Maß, das nach ihm gehen soll",
  "ranks-across-trees": (f) =>
    `verlangt ${quoted(f.measure)}, das Ränge darunter nach einem anderen Baum zählt als ${quoted(f.tree)}: Ein Abschluss, in dem zwei Personen in den beiden jeweils übereinander stehen, wird abgelehnt`,
  "one-tree-for-both": () => "ein Baum für beides, oder alle unter die zu setzen, die sie eingeschrieben haben",
  "caps-across-calendars": () =>
    "nutzt Obergrenzen eines binären Bonus über die Zeiträume eines anderen Kalenders: Was ein Abschluss zahlt, hinge an den Abschlüssen davor",
  "cap-of-longer": () =>
    "eine Obergrenze in „caps“, die den längeren Kalender und diesen Bonus nennt; über kürzere Zeiträume ein Bonus jenes Kalenders",
  "ranks-of-two-kinds": () => "nutzt zweierlei Ränge in einem Kalender, während ein Abschluss jede Person nur einmal beurteilt",
  "second-calendar": () => "ein zweiter Kalender derselben Länge, und je eine Art nach jedem",
  "matches-before-caps": () =>
    "nutzt Matching von Boni eines anderen Kalenders „before-caps“, während ein Abschluss behält, was er gezahlt hat, und nicht, was gekürzt wurde",
  "after-caps": () => "„after-caps“, oder beides in einem Kalender",
  "amounts-elsewhere": (f) => `hat Beträge in ${f.currencies} und keinen in ${f.currency}, der Währung des Plans`,
  "amount-in": (f) => `ein Betrag in ${f.currency}`,
  "no-rates": () => "hat keinen Kurs, sodass Bestellungen in jeder anderen Währung warten",
  "rates-or-dated": () => "ein Kurs für jede Währung, oder „mode“: „dated“",
};

function rest({ ofCv, ofNet }: Facts): string {
  const known = [
    ...(ofCv === undefined ? [] : [`${number(ofCv)} % vom CV`]),
    ...(ofNet === undefined ? [] : [`${number(ofNet)} % vom Netto`]),
  ];
  return known.length === 0 ? "" : `; der Rest kann ${known.join(" und ")} auszahlen`;
}

const ceiling = ({ ofCv, ofNet }: Facts): string =>
  `${number(ofCv)} % vom CV${ofNet === undefined ? "" : ` und ${number(ofNet)} % vom Netto`}`;

const besides = (fixed: readonly string[]): string =>
  fixed.length === 0 ? "" : `, und außerdem, was kein Anteil an Verkäufen ist: ${fixed.join(", ")}`;

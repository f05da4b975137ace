import type { NOTHING as ENGLISH } from "./english-nothing.ts";
import { day, quoted } from "./german-marks.ts";
import type { Sentence } from "./sentence.ts";

/** Why an order earns nothing, in German. */
export const NOTHING: Readonly<Record<keyof typeof ENGLISH, Sentence>> = {
  "nothing-yet": (f) => `der Status ${quoted(f.status)} bringt noch nichts: sobald sie bezahlt ist, wird gerechnet`,
  "nothing-void": (f) => `der Status ${quoted(f.status)} nimmt alles zurück`,
  "nothing-without-plan": (f) =>
    `am ${day((f.at ?? "").slice(0, 10))} galt kein Vergütungsplan: es braucht einen, der ab diesem Tag gilt`,
  "nothing-without-rate": (f) =>
    `an ihrem Tag gibt es keinen Kurs von ${f.from} zu ${f.to}: sobald er eingetragen ist (\`pnpm upline rate set ${f.from} ${f.to} …\`), wird gerechnet`,
  "nothing-unmapped": (f) => `keine Zuordnung gilt für ${f.skus}: sobald zugeordnet ist, wird neu gerechnet`,
  "nothing-of-nothing": () => "der Nettobetrag ist 0",
  "nothing-for-nobody": (_, [why]) => `sie gehört zu keinem Vertriebspartner: ${why}`,
  "nothing-for-oneself": () => "sie ist ein eigener Einkauf, und dafür zahlt der Plan zur Zeit der Bestellung niemandem etwas",
  "nothing-now": (f) =>
    `der Plan ${quoted(f.plan)} zahlt dafür zur Zeit der Bestellung niemandem etwas: niemand hat sich qualifiziert, oder seine Boni werden beim Abschluss einer Periode gezahlt`,
};

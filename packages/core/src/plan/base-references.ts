import type { Base } from "./base.ts";
import { bonusBase } from "./bonus-base.ts";
import type { KnownNames } from "./known-names.ts";
import type { Bonus } from "./schema.ts";

/** What the base of a bonus says of the rest of the plan. */
export function baseReferences(known: KnownNames, bonus: Bonus, path: string): void {
  const base = bonusBase(bonus);
  if (typeof base !== "object" || base === null) return;
  const at = bonus.kind === "retail" ? `${path}.pays.base` : `${path}.base`;
  lessReferences(known, base, { at, bonus });
  const { partOf } = base;
  if (partOf === undefined || !known.check("bonus", partOf.window, `${at}.partOf.window`)) return;
  const window = known.plan.bonuses.find(({ id }) => id === partOf.window);
  if (window?.kind !== "fast-start")
    known.add(`${at}.partOf.window`, `is "${partOf.window}", which is no fast start`, "a bonus of the kind fast-start");
  else if (window.replaces.includes(bonus.id))
    known.add(
      `${at}.partOf.window`,
      `is "${window.id}", which replaces this bonus: nothing of it is left to be a part of`,
      `to take "${bonus.id}" out of the "replaces" of "${window.id}"`,
    );
}

function lessReferences(known: KnownNames, { less }: Exclude<Base, string>, { at, bonus }: { at: string; bonus: Bonus }): void {
  if (less === undefined) return;
  known.checkAll("bonus", less, `${at}.less`);
  const { plan } = known;
  less.forEach((id, i) => {
    const other = plan.bonuses.find((each) => each.id === id);
    if (other?.snapshot === "close")
      known.add(
        `${at}.less[${i}]`,
        `is "${id}", which is paid at the close, where nothing is paid on an order`,
        "a bonus that is paid when the order comes",
      );
    if (less.indexOf(id) !== i) known.add(`${at}.less[${i}]`, `is "${id}", which is taken off already`, "each bonus once");
  });
  if (plan.rounding === "largest-remainder" && bonus.snapshot !== "close")
    known.add(
      `${at}.less`,
      'takes off what was paid, but "largest-remainder" rounds the shares of an order together, when all of them are known',
      'another "rounding", or "snapshot": "close"',
    );
}

import type { useTranslation } from "react-i18next";

type T = ReturnType<typeof useTranslation<"portal">>["t"];

interface Earned {
  readonly bonus: string;
  readonly level: number;
  readonly taken_back: boolean;
  readonly name: string;
  readonly how: "own-order" | "code" | "customer" | "sold-by" | "close";
  readonly sold_by: { readonly name: string | null; readonly distributor_id: string } | null;
}

/** `Level bonus, level 2`: what a row of earnings is called; names of bonuses are the plan's own. */
export function earningTitle(earned: Earned, names: ReadonlyMap<string, string>, t: T): string {
  const bonus = names.get(earned.bonus) ?? earned.bonus;
  if (earned.taken_back) return t("earnings.takenBackOf", { bonus });
  return earned.level > 0 && earned.how !== "close" ? t("earnings.level", { bonus, level: earned.level }) : bonus;
}

/** `Order #1042, sold by Nils Aaberg`. */
export function earningSource(earned: Earned, t: T): string {
  if (earned.how === "close") return t("earnings.ofClose", { name: earned.name });
  const order = t("earnings.order", { name: earned.name });
  if (earned.how !== "sold-by") return `${order}, ${t(`earnings.how.${earned.how}`)}`;
  const who = earned.sold_by?.name ?? earned.sold_by?.distributor_id;
  return `${order}, ${who === undefined ? t("earnings.how.elsewhere") : t("earnings.how.sold-by", { name: who })}`;
}

import { Link } from "@tanstack/react-router";
import type { BodyOf } from "@upline/hub/client";
import { useTranslation } from "react-i18next";
import type { hub } from "../shared/hub.ts";
import { formatDecimal, isZero } from "../shared/money.ts";

export type SeenMember = BodyOf<Awaited<ReturnType<typeof hub.portal.team.$get>>>["items"][number];

/** Somebody below: how they are called, how active they are, how many stand below them. */
export function Person({ row, span }: { row: SeenMember; span?: string | undefined }) {
  const { t } = useTranslation("portal");
  return (
    <Link to="/team/$distributorId" params={{ distributorId: row.distributor_id }} search={{ span }}>
      <span>
        {row.name ?? row.distributor_id}
        <span className="second">{useMemberNote(row)}</span>
      </span>
      <span className="num sub">{row.people_below === null ? "" : t("team.below", { count: row.people_below })}</span>
    </Link>
  );
}

export function useMemberNote(row: SeenMember): string {
  const { t, i18n } = useTranslation("portal");
  const said = (value: string) => formatDecimal(value, i18n.language);
  if (!row.was_below) return [row.distributor_id, t("team.notThen")].join(" · ");
  const activity =
    row.status !== "active"
      ? t(`team.status.${row.status as "inactive"}`)
      : row.pv === null
        ? ""
        : row.active === false && !isZero(row.short_of_active)
          ? t("team.shortOf", { volume: said(row.short_of_active) })
          : row.active
            ? t("team.activeWith", { volume: said(row.pv) })
            : t("team.withVolume", { volume: said(row.pv) });
  const group = row.gv === null || isZero(row.gv) ? "" : t("team.withGroup", { volume: said(row.gv) });
  return [row.distributor_id, row.rank, activity, group].filter(Boolean).join(" · ");
}

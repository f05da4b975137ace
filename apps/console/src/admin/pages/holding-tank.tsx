import { getRouteApi, Link } from "@tanstack/react-router";
import type { ColumnDef } from "@tanstack/react-table";
import { answerOf, type BodyOf } from "@upline/hub/client";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Chips } from "../../design/filters.tsx";
import { Moment } from "../../design/moment.tsx";
import { Door, Page } from "../../design/page.tsx";
import { Callout } from "../../design/parts.tsx";
import { Status } from "../../design/shapes.tsx";
import { useCompany } from "../../shared/company.tsx";
import { hub } from "../../shared/hub.ts";
import { useList } from "../../shared/pages.ts";
import { ListTable } from "../list-table.tsx";
import { CARE } from "../rights.ts";
import { PlacePeople } from "./place-people.tsx";
import { type PlacementShape, usePlacementTrees } from "./placements.ts";

type Waiting = BodyOf<Awaited<ReturnType<typeof hub.placements.waiting.$get>>>["items"][number];
const route = getRouteApi("/network/waiting");
/** The hub places so many at once. */
const MOST_AT_ONCE = 200;

/** Who has no place in a placement tree yet: chosen, looked at where they would land, placed together. */
export default function HoldingTank() {
  const { t } = useTranslation();
  const { tree, chosen } = route.useSearch();
  const navigate = route.useNavigate();
  const trees = usePlacementTrees();
  const shape = trees?.find((one) => one.tree === tree) ?? trees?.[0];
  const crumbs = [
    <Link key="network" to="/network">
      {t("nav.network")}
    </Link>,
  ];
  return (
    <Page title={t("tank.title")} crumbs={crumbs} about={shape && t("tank.about", { count: shape.waiting, tree: shape.tree })}>
      {trees !== undefined && trees.length > 1 && (
        <div className="toolbar">
          <Chips
            label={t("placement.which")}
            chips={trees.map((one) => ({
              name: `${one.tree} · ${one.waiting}`,
              isOn: one.tree === shape?.tree,
              onPress: () => void navigate({ search: { tree: one.tree } }),
            }))}
          />
        </div>
      )}
      {trees?.length === 0 && <p className="empty">{t("tank.noTree")}</p>}
      {shape && <Tank key={shape.tree} shape={shape} first={chosen} />}
    </Page>
  );
}

function Tank({ shape, first }: { shape: PlacementShape; first: string | undefined }) {
  const { t } = useTranslation();
  const { role } = useCompany();
  const mayPlace = CARE.includes(role);
  const [picked, setPicked] = useState<readonly string[]>(first === undefined ? [] : [first]);
  const [done, setDone] = useState<string | null>(null);
  const query = { tree: shape.tree };
  const source = useList<Waiting>(["waiting-places", shape.tree], (before) =>
    answerOf(hub.placements.waiting.$get({ query: { ...query, limit: "50", ...(before !== undefined && { before }) } })),
  );
  const toggle = (id: string) => {
    setDone(null);
    setPicked(picked.includes(id) ? picked.filter((one) => one !== id) : [...picked, id].slice(0, MOST_AT_ONCE));
  };
  const columns = useColumns({ picked, toggle, shape });
  return (
    <>
      {done !== null && <Callout is="good">{done}</Callout>}
      <div className="cols">
        <div>
          <ListTable
            csv={hub.placements.waiting.$url({ query })}
            label={t("tank.title")}
            columns={mayPlace ? columns : columns.slice(1)}
            source={source}
            keyOf={(one) => one.distributor_id}
            isChosen={(one) => picked.includes(one.distributor_id)}
            empty={t("tank.empty", { tree: shape.tree, days: shape.window_days })}
          />
        </div>
        {mayPlace && (source.rows?.length ?? 0) + picked.length > 0 && (
          <PlacePeople
            shape={shape}
            people={picked}
            onLeave={toggle}
            onDone={(count) => {
              setPicked([]);
              setDone(t("tank.done", { count, tree: shape.tree }));
            }}
          />
        )}
      </div>
    </>
  );
}

function useColumns({
  picked,
  toggle,
  shape,
}: {
  picked: readonly string[];
  toggle: (id: string) => void;
  shape: PlacementShape;
}): ColumnDef<Waiting, unknown>[] {
  const { t } = useTranslation();
  const now = new Date().toISOString();
  return [
    {
      id: "choose",
      header: () => <span className="vh">{t("tank.choose")}</span>,
      meta: { width: 28 },
      cell: ({ row: { original } }) => (
        <input
          type="checkbox"
          aria-label={t("tank.chooseOne", { name: original.name ?? original.distributor_id })}
          checked={picked.includes(original.distributor_id)}
          onChange={() => toggle(original.distributor_id)}
        />
      ),
    },
    {
      id: "who",
      header: t("distributor"),
      cell: ({ row: { original } }) => (
        <>
          <Door to="/network" search={{ chosen: original.distributor_id }}>
            {original.name ?? original.distributor_id}
          </Door>
          <span className="second">{original.distributor_id}</span>
        </>
      ),
    },
    {
      id: "sponsor",
      header: t("person.sponsor"),
      cell: ({ row: { original } }) =>
        original.sponsor_id === null ? (
          t("person.company")
        ) : (
          <>
            <Door to="/network" search={{ chosen: original.sponsor_id, tree: shape.tree }}>
              {original.sponsor_name ?? original.sponsor_id}
            </Door>
            <span className="second">{original.sponsor_is_placed ? original.sponsor_id : t("tank.sponsorWaits")}</span>
          </>
        ),
    },
    { id: "since", header: t("tank.since"), cell: ({ row }) => <Moment at={row.original.enrolled_at} as="day" /> },
    {
      id: "due",
      header: t("tank.due"),
      cell: ({ row: { original } }) => (
        <Status is={original.due_at <= now ? "warn" : "wait"}>
          <Moment at={original.due_at} as="day" />
        </Status>
      ),
    },
  ];
}

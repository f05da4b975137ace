import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { answerOf } from "@upline/hub/client";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Amount } from "../../design/amount.tsx";
import { Moment } from "../../design/moment.tsx";
import { Door } from "../../design/page.tsx";
import { Bone, Callout, Defs, Meter } from "../../design/parts.tsx";
import { Status } from "../../design/shapes.tsx";
import { hasCome } from "../../design/table.tsx";
import { useCompany, usePlace } from "../../shared/company.tsx";
import { hub } from "../../shared/hub.ts";
import { asOfDay } from "../../shared/moments.ts";
import { formatDecimal, sayPercent, shareOf, sumOf } from "../../shared/money.ts";
import { isMissing, problemOf } from "../../shared/problem.ts";
import { ADMINS, CARE, DESK } from "../rights.ts";
import { usePeriodList } from "../waiting.ts";
import { useFrontline } from "./frontline.ts";
import { MovePlace } from "./move-place.tsx";
import { MoveSponsor } from "./move-sponsor.tsx";
import { Notes, useNotes, useSponsors, WhereTheyStood } from "./person-story.tsx";
import { PlaceBlock } from "./place-block.tsx";
import { type PlacementShape, usePlacementPath } from "./placements.ts";

interface PanelProps {
  readonly id: string;
  readonly at: string | undefined;
  readonly shape: PlacementShape | undefined;
  /** Beside somebody's own page, which says itself who it is about and what each period came to. */
  readonly isBesidePage?: boolean;
}

/** Who somebody is, what they hold, what they earned: beside the tree, so that a glance costs no page. */
export function DistributorPanel({ id, at, shape, isBesidePage = false }: PanelProps) {
  const { t } = useTranslation();
  const { role, zone } = useCompany();
  const [isMoving, setMoving] = useState(false);
  const { data: person, error } = useQuery({
    queryKey: ["distributor", id, at, "panel"],
    queryFn: () =>
      answerOf(hub.distributors[":distributor_id"].$get({ param: { distributor_id: id }, query: asOfDay(at, zone) })),
  });
  const balances = useQuery({
    queryKey: ["balances", id],
    queryFn: () => answerOf(hub.balances.$get({ query: { distributor_id: id, limit: "20" } })),
  });
  const isRestKnown = usePartsKnown({ id, at, shape, isBesidePage });
  if (error)
    return isMissing(error) ? null : (
      <aside className="panel">
        <Callout is="bad">{problemOf(error)}</Callout>
      </aside>
    );
  const isKnown = person !== undefined && !balances.isPending && isRestKnown;
  return (
    <aside className="panel side-sticky" aria-label={person?.name ?? id}>
      {!isBesidePage && (
        <div className="spread baseline">
          <h2>{person?.name ?? id}</h2>
          <span className="note">{id}</span>
        </div>
      )}
      {!isKnown && <PanelBones />}
      <div hidden={!isKnown}>
        {person && (
          <>
            {!isBesidePage && (
              <p className="sub">
                <Status is={person.status === "active" ? "good" : "open"}>
                  {t(`standing.${person.status}` as "standing.active", { defaultValue: person.status })}
                </Status>
                {person.rank !== null && ` · ${person.rank}`} · {t("person.since")} <Moment at={person.created_at} as="day" />
              </p>
            )}
            <Defs
              rows={[
                {
                  name: t("person.sponsor"),
                  value:
                    person.sponsor_id === null ? (
                      t("person.top")
                    ) : (
                      <Door shown to="/network" search={{ chosen: person.sponsor_id, at, tree: shape?.tree }}>
                        {person.sponsor_id}
                      </Door>
                    ),
                },
                {
                  name: t("person.codes"),
                  value: person.codes.length === 0 ? "–" : <span className="mono">{person.codes.join(", ")}</span>,
                },
              ]}
            />
          </>
        )}
        {shape !== undefined && <PlaceBlock id={id} at={at} shape={shape} />}
        <Volumes id={id} at={at} />
        <hr className="rule" />
        <h3>{t("person.balance")}</h3>
        <Defs
          rows={(balances.data?.items ?? []).map((one) => ({
            name: t("balance.held"),
            value: (
              <Door shown to="/ledger" search={{ distributor_id: id }}>
                <Amount value={one.held} currency={one.currency} />
              </Door>
            ),
          }))}
        />
        {balances.data?.items.length === 0 && <p className="sub">{t("person.noBalance")}</p>}
        {!isBesidePage && <LastPeriod id={id} />}
        <hr className="rule" />
        <h3>{t("person.wasWhere")}</h3>
        <WhereTheyStood id={id} />
        {DESK.includes(role) && (
          <>
            <hr className="rule" />
            <h3>{t("notes.title")}</h3>
            <Notes id={id} />
          </>
        )}
        <hr className="rule" />
        <div className="row" style={{ flexWrap: "wrap" }}>
          {shape === undefined && ADMINS.includes(role) && (
            <button type="button" className="btn" onClick={() => setMoving(true)}>
              {t("move.open")}
            </button>
          )}
          {shape !== undefined && CARE.includes(role) && <MoveInTree id={id} name={person?.name ?? id} shape={shape} />}
          {!isBesidePage && (
            <Link className="btn" to="/network/people/$distributorId" params={{ distributorId: id }} preload="intent">
              {t("person.page")}
            </Link>
          )}
          <Link className="btn" to="/ledger" search={{ distributor_id: id }}>
            {t("person.statement")}
          </Link>
          <Link className="btn" to="/orders" search={{ distributor: id }}>
            {t("nav.orders")}
          </Link>
        </div>
      </div>
      {isMoving && (
        <MoveSponsor person={{ id, name: person?.name ?? id }} onDone={() => setMoving(false)} onClose={() => setMoving(false)} />
      )}
    </aside>
  );
}

/** Whether all that the panel is made of has come: each part decides where those below it stand, so that they are shown at once. */
function usePartsKnown({ id, at, shape, isBesidePage = false }: PanelProps): boolean {
  const { role } = useCompany();
  const line = useFrontline({ id, at });
  const place = usePlacementPath({ tree: shape?.tree ?? "", id: shape && id, at });
  const stood = useSponsors(id);
  const notes = useNotes(id, DESK.includes(role));
  const last = useLastResult(id, !isBesidePage);
  return (
    (line.rows !== undefined || line.error !== null) &&
    (shape === undefined || !place.isPending) &&
    !stood.isPending &&
    (!DESK.includes(role) || hasCome(notes)) &&
    (isBesidePage || last.isKnown)
  );
}

function PanelBones() {
  return (
    <ul className="stack" aria-busy="true">
      {[180, 132, 156, 120, 168].map((width) => (
        <li key={width}>
          <Bone width={width} />
        </li>
      ))}
    </ul>
  );
}

/** Somebody who has a place is moved in the tree, and whoever waits for one is placed out of the holding tank. */
function MoveInTree({ id, name, shape }: { id: string; name: string; shape: PlacementShape }) {
  const { t } = useTranslation();
  const [isMoving, setMoving] = useState(false);
  const { data } = usePlacementPath({ tree: shape.tree, id, at: undefined });
  if (data === undefined) return null;
  if (data.place === null)
    return (
      <Link className="btn" to="/network/waiting" search={{ tree: shape.tree, chosen: id }}>
        {t("placement.toTank")}
      </Link>
    );
  return (
    <>
      <button type="button" className="btn" onClick={() => setMoving(true)}>
        {t("placeMove.open", { tree: shape.tree })}
      </button>
      {isMoving && (
        <MovePlace person={{ id, name }} shape={shape} onDone={() => setMoving(false)} onClose={() => setMoving(false)} />
      )}
    </>
  );
}

/** So many legs are told by name. */
const NAMED_LEGS = 3;

/** The group's volume as what it is the sum of: one's own and that of each leg. */
function Volumes({ id, at }: { id: string; at: string | undefined }) {
  const { t } = useTranslation();
  const { period, distributor, rows = [], rest, toward } = useFrontline({ id, at });
  if (period === null || distributor?.gv == null || distributor.pv === null || rest === undefined) return null;
  const named = rows.slice(0, NAMED_LEGS);
  const others = rest.distributors + rows.length - named.length;
  const ofOthers = sumOf([...rows.slice(NAMED_LEGS).map(({ gv }) => gv ?? "0"), rest.gv ?? "0"]);
  return (
    <>
      <hr className="rule" />
      <h3>{period.name}</h3>
      <Defs
        rows={[
          {
            name: t("network.ownPv"),
            value: (
              <Door to="/orders" search={{ distributor: id }}>
                <Amount value={distributor.pv} />
              </Door>
            ),
          },
          ...named.map((leg) => ({
            name: t("network.legOf", { name: leg.name ?? leg.distributor_id }),
            value: (
              <Door to="/network" search={{ chosen: leg.distributor_id, at }}>
                <Amount value={leg.gv ?? "0"} />
              </Door>
            ),
          })),
          ...(others === 0 ? [] : [{ name: t("network.otherLegs", { count: others }), value: <Amount value={ofOthers} /> }]),
          { name: "GV", value: <Amount value={distributor.gv} />, isTotal: true },
        ]}
      />
      {toward && <Toward toward={toward} had={toward.by === "gv" ? distributor.gv : distributor.pv} />}
    </>
  );
}

/** How much of the volume that the next rank asks for is there; what else it asks, the close judges. */
function Toward({ toward, had }: { toward: NonNullable<ReturnType<typeof useFrontline>["toward"]>; had: string }) {
  const { t } = useTranslation();
  const { language } = usePlace();
  const { rank, by, needed } = toward;
  const words = { rank: rank.name, needed: formatDecimal(needed, language) };
  const name = by === "gv" ? t("network.towardGv", words) : t("network.towardPv", words);
  // In per cent; whoever has more than is asked has all of it.
  const share = shareOf(had, needed, 1) ?? "100";
  const reached = sayPercent(Number(share) > 100 ? "100" : share, language);
  return (
    <div style={{ paddingTop: 12 }}>
      <div className="spread note" style={{ paddingBottom: 4 }}>
        <span>{name}</span>
        <span className="num">{reached}</span>
      </div>
      <Meter share={Number(share) / 100} label={`${name}: ${reached}`} />
    </div>
  );
}

/** What the last closed period came to for somebody. */
function LastPeriod({ id }: { id: string }) {
  const { t } = useTranslation();
  const { period, result } = useLastResult(id, true);
  if (period === undefined || result === undefined) return null;
  return (
    <>
      <hr className="rule" />
      <h3>{period.name}</h3>
      <Defs
        rows={[
          { name: t("rank"), value: result.rank ?? "–" },
          { name: "PV", value: <Amount value={result.pv} /> },
          { name: "GV", value: <Amount value={result.gv} /> },
          ...result.bonuses.map((bonus) => ({
            name: bonus.bonus,
            value: (
              <Door shown to="/periods/$periodId" params={{ periodId: period.period_id }} search={{ distributor: id }}>
                <Amount value={bonus.amount} currency={result.currency} />
              </Door>
            ),
          })),
        ]}
      />
    </>
  );
}

function useLastResult(id: string, isAsked: boolean) {
  const periods = usePeriodList();
  const period = periods.data?.items.find(({ state }) => state === "closed");
  const { data, isPending } = useQuery({
    queryKey: ["results", period?.period_id, id],
    enabled: isAsked && period !== undefined,
    queryFn: () =>
      answerOf(
        hub.periods[":period_id"].results.$get({
          param: { period_id: period?.period_id ?? "" },
          query: { distributor_id: id, limit: "1" },
        }),
      ),
  });
  const isKnown = !periods.isPending && (period === undefined || !isPending);
  return { period, result: data?.items[0], isKnown };
}

import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { answerOf, type BodyOf } from "@upline/hub/client";
import { Fragment, useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "../../design/dialog.tsx";
import { Field } from "../../design/filters.tsx";
import { Bone, Callout } from "../../design/parts.tsx";
import { useCompany, usePlace } from "../../shared/company.tsx";
import { hub, queries } from "../../shared/hub.ts";
import { beginningOf, dayIn, dayOf, firstDayFrom } from "../../shared/moments.ts";
import { formatDecimal } from "../../shared/money.ts";
import { problemOf } from "../../shared/problem.ts";
import { type FoundPerson, PersonFinder } from "./person-finder.tsx";
import { PLACE_KEYS, type PlacementShape, useLegName, usePlacementPath } from "./placements.ts";

const previewOf = hub.placements.move.preview;
type Previewed = BodyOf<Awaited<ReturnType<typeof previewOf.$post>>>;
type Named = Previewed["distributor"];
type Spot = NonNullable<Previewed["from"]>;
const nameOf = (one: Named) => one.name ?? one.distributor_id;
/** The hub counts those who move along so far only. */
const MOST_COUNTED = 100_000;

interface MoveProps {
  readonly person: FoundPerson;
  readonly shape: PlacementShape;
  onDone(): void;
  onClose(): void;
}

/** Moves somebody, with everyone below in the tree, to another leg from a day on: what that changes stands in the dialog before it is done. */
export function MovePlace({ person, shape, onDone, onClose }: MoveProps) {
  const { t } = useTranslation();
  const { zone } = useCompany();
  const [parent, setParent] = useState<FoundPerson | null>(null);
  const [leg, setLeg] = useState<number | null>(null);
  const [day, setDay] = useState(dayIn(new Date(), zone));
  const [reason, setReason] = useState("");
  const isChosen = parent !== null && leg !== null && day !== "";
  // Of today it counts from now on: whoever was placed this morning could not be moved from its beginning on.
  const at = day === dayIn(new Date(), zone) ? {} : { at: day === "" ? "" : beginningOf(day, zone) };
  const json = { tree: shape.tree, distributor_id: person.id, parent_id: parent?.id ?? null, leg: leg ?? 0, ...at };
  const looked = useQuery({
    queryKey: ["place-move", json],
    enabled: isChosen,
    placeholderData: keepPreviousData,
    queryFn: () => answerOf(previewOf.$post({ json })),
  });
  const move = useMutation({
    mutationFn: () => answerOf(hub.placements.move.$post({ json: { ...json, reason: reason.trim() } })),
    onSuccess: () => {
      for (const name of PLACE_KEYS) void queries.invalidateQueries({ queryKey: [name] });
      onDone();
    },
    // Whoever took the leg meanwhile is told.
    onError: () => void queries.invalidateQueries({ queryKey: ["place-move"] }),
  });
  const preview = isChosen ? looked.data : undefined;
  const below = preview?.people_below ?? 0;
  const isReady = preview !== undefined && !looked.isPlaceholderData && preview.refusal === null && reason.trim().length >= 3;
  return (
    <Dialog
      title={t("placeMove.title", { name: person.name, tree: shape.tree })}
      about={t("placeMove.about")}
      act={below === 0 ? t("move.act", { name: person.name }) : t("move.actMany", { name: person.name, count: below })}
      isReady={isReady}
      isBusy={move.isPending}
      error={move.error}
      onAct={() => move.mutate()}
      onClose={onClose}
    >
      <Field name={t("placeMove.parent")}>
        <PersonFinder
          label={t("network.find")}
          value={parent?.name ?? ""}
          onChoose={setParent}
          onType={(text) => setParent(text === "" ? null : { id: text, name: text })}
          autoFocus
        />
      </Field>
      <Field name={t("tank.leg")} help={t("placeMove.legHelp")}>
        <LegChoice shape={shape} parent={parent} leg={leg} onLeg={setLeg} />
      </Field>
      <Field name={t("move.from")} help={t("placeMove.fromHelp", { count: shape.window_days })}>
        <input className="input" type="date" required value={day} onChange={({ target }) => setDay(target.value)} />
      </Field>
      {isChosen && looked.error && <Callout is="bad">{problemOf(looked.error)}</Callout>}
      {isChosen && looked.isLoading && <Bone width={320} />}
      {preview && (preview.refusal ? <Refusal {...{ preview, shape }} onDay={setDay} /> : <Changes {...{ preview, shape }} />)}
      <Field name={t("reason")} help={t("placeMove.reasonHelp")}>
        <textarea className="input" value={reason} maxLength={500} onChange={({ target }) => setReason(target.value)} />
      </Field>
    </Dialog>
  );
}

interface LegProps {
  readonly shape: PlacementShape;
  readonly parent: FoundPerson | null;
  readonly leg: number | null;
  onLeg(leg: number | null): void;
}

/** The parent's legs, each with whoever stands on it now. */
function LegChoice({ shape, parent, leg, onLeg }: LegProps) {
  const { t } = useTranslation();
  const legName = useLegName(shape);
  const { data } = usePlacementPath({ tree: shape.tree, id: parent?.id, at: undefined });
  const told = (each: number): string => {
    const found = data?.legs.find((one) => one.leg === each);
    if (found === undefined) return legName(each);
    if (found.distributor === null) return t("placement.legFree", { leg: legName(each) });
    return t("placeMove.legTaken", { leg: legName(each), name: nameOf(found.distributor) });
  };
  return (
    <select
      className="input select"
      disabled={parent === null}
      value={leg ?? ""}
      onChange={({ target }) => onLeg(target.value === "" ? null : Number(target.value))}
    >
      <option value="">{t("placeMove.chooseLeg")}</option>
      {Array.from({ length: shape.width }, (_, each) => (
        <option key={each} value={each}>
          {told(each)}
        </option>
      ))}
    </select>
  );
}

function useSpotTold(shape: PlacementShape): (spot: Spot | null) => string {
  const { t } = useTranslation();
  const legName = useLegName(shape);
  return (spot) => {
    if (spot === null) return t("placeMove.nowhere");
    return spot.parent === null ? t("placeMove.top") : t("placeMove.spot", { leg: legName(spot.leg), name: nameOf(spot.parent) });
  };
}

function Changes({ preview, shape }: { preview: Previewed; shape: PlacementShape }) {
  const { t } = useTranslation();
  const { language } = usePlace();
  const spotTold = useSpotTold(shape);
  const { people_below: count, periods } = preview;
  const name = nameOf(preview.distributor);
  return (
    <section aria-label={t("move.changes")} aria-live="polite">
      <h3>{t("move.changes")}</h3>
      <dl className="changes">
        <dt>{t("move.who")}</dt>
        <dd>
          {count === 0
            ? t("move.whoAlone", { name })
            : count >= MOST_COUNTED
              ? t("placeMove.whoVeryMany", { name, count })
              : t("move.whoMany", { name, count })}
        </dd>
        <dt>{t("move.way")}</dt>
        <dd>
          {spotTold(preview.from)} → {spotTold(preview.to)}
        </dd>
        <dt>{t("move.orders")}</dt>
        <dd>{t("placeMove.orders")}</dd>
        {periods.map((period) => (
          <Fragment key={period.period_id}>
            <dt>{t("move.close", { name: period.name })}</dt>
            <dd>
              {period.pv === null
                ? t("placeMove.closeMany")
                : t("placeMove.closeVolume", { pv: formatDecimal(period.pv, language) })}
            </dd>
          </Fragment>
        ))}
      </dl>
      {periods.length === 0 && <p className="note">{t("move.noClose")}</p>}
    </section>
  );
}

/** A refused move: what stands in the way, and the nearest that would do. */
function Refusal({ preview, shape, onDay }: { preview: Previewed; shape: PlacementShape; onDay: (day: string) => void }) {
  const { t } = useTranslation();
  const { zone } = useCompany();
  const place = usePlace();
  const legName = useLegName(shape);
  const { refusal } = preview;
  if (refusal === null) return null;
  const earliest = refusal.earliest === null ? null : firstDayFrom(refusal.earliest, zone);
  const day = earliest === null ? "" : dayOf(beginningOf(earliest, zone), place);
  return (
    <Callout is="bad">
      {t(`placeMove.refused.${refusal.reason}`, {
        name: nameOf(preview.distributor),
        parent: preview.to?.parent == null ? "" : nameOf(preview.to.parent),
        leg: legName(preview.to?.leg ?? 0),
        other: refusal.taken_by === null ? "" : nameOf(refusal.taken_by),
        tree: shape.tree,
        days: shape.window_days,
        period: refusal.period ?? "",
        day,
      })}
      {refusal.path.length > 1 && <p className="second">{t("move.circle", { path: refusal.path.map(nameOf).join(" › ") })}</p>}
      {earliest !== null && (
        <p style={{ paddingTop: 8 }}>
          <button type="button" className="btn small" onClick={() => onDay(earliest)}>
            {t("move.choose", { day })}
          </button>
        </p>
      )}
    </Callout>
  );
}

import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { answerOf, type BodyOf } from "@upline/hub/client";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Field } from "../../design/filters.tsx";
import { Moment } from "../../design/moment.tsx";
import { Bone, Callout, Defs } from "../../design/parts.tsx";
import { usePlace } from "../../shared/company.tsx";
import { hub, queries } from "../../shared/hub.ts";
import { formatDecimal } from "../../shared/money.ts";
import { problemOf } from "../../shared/problem.ts";
import { PersonFinder } from "./person-finder.tsx";
import { PLACE_KEYS, type PlacementShape, useLegName } from "./placements.ts";

const previewOf = hub.placements.preview;
type Previewed = BodyOf<Awaited<ReturnType<typeof previewOf.$post>>>;
type Landing = Previewed["places"][number];

/** A parent and a leg of somebody's own choice; without one the sponsor and the tree's spillover decide. */
interface Wish {
  readonly parent?: { readonly id: string; readonly name: string } | undefined;
  readonly leg?: number | undefined;
}

interface PlaceProps {
  readonly shape: PlacementShape;
  readonly people: readonly string[];
  onLeave(id: string): void;
  onDone(count: number): void;
}

/** Where the chosen would land and what that changes, before they are placed. */
export function PlacePeople({ shape, people, onLeave, onDone }: PlaceProps) {
  const { t } = useTranslation();
  const [wishes, setWishes] = useState<Readonly<Record<string, Wish>>>({});
  const places = people.map((id) => ({
    distributor_id: id,
    ...(wishes[id]?.parent !== undefined && { parent_id: wishes[id].parent.id }),
    ...(wishes[id]?.leg !== undefined && { leg: wishes[id].leg }),
  }));
  const looked = useQuery({
    queryKey: ["place-preview", shape.tree, places],
    enabled: people.length > 0,
    placeholderData: keepPreviousData,
    queryFn: () => answerOf(previewOf.$post({ json: { tree: shape.tree, places } })),
  });
  const preview = people.length === 0 ? undefined : looked.data;
  const landings = preview?.places ?? [];
  const isReady = preview !== undefined && !looked.isPlaceholderData && landings.every(({ refusal }) => refusal === null);
  const place = useMutation({
    // Just as it was shown: whoever took one of these places meanwhile stands in the way, and nobody lands elsewhere.
    mutationFn: () => answerOf(hub.placements.several.$post({ json: { tree: shape.tree, places: landings.map(asShown) } })),
    onSuccess: ({ places: placed }) => {
      for (const name of PLACE_KEYS) void queries.invalidateQueries({ queryKey: [name] });
      setWishes({});
      onDone(placed.length);
    },
    onError: () => void queries.invalidateQueries({ queryKey: ["place-preview"] }),
  });
  if (people.length === 0)
    return (
      <aside className="panel decision side-sticky">
        <h2>{t("tank.chooseFirst")}</h2>
        <p className="sub">{t("tank.chooseWhy")}</p>
      </aside>
    );
  return (
    <aside className="panel decision side-sticky" aria-label={t("tank.landing")}>
      <h2>{t("tank.landing")}</h2>
      {looked.error && <Callout is="bad">{problemOf(looked.error)}</Callout>}
      {looked.isLoading && <Bone width={220} />}
      <ul className="landings">
        {landings.map((one) => (
          <li key={one.distributor_id}>
            <Lands landing={one} shape={shape} onLeave={() => onLeave(one.distributor_id)} />
            <Choice
              shape={shape}
              wish={wishes[one.distributor_id] ?? {}}
              onWish={(wish) => setWishes({ ...wishes, [one.distributor_id]: wish })}
            />
          </li>
        ))}
      </ul>
      {preview && landings.some(({ place: lands }) => lands !== null) && <Counts preview={preview} />}
      {place.error && <Callout is="bad">{problemOf(place.error)}</Callout>}
      <button type="button" className="btn primary wide" disabled={!isReady || place.isPending} onClick={() => place.mutate()}>
        {place.isPending ? t("working") : t("tank.act", { count: people.length, tree: shape.tree })}
      </button>
    </aside>
  );
}

function asShown({ distributor_id, place }: Landing) {
  if (place === null) return { distributor_id };
  if (place.parent === null) return { distributor_id, parent_id: null };
  return { distributor_id, parent_id: place.parent.distributor_id, leg: place.leg };
}

function Lands({ landing, shape, onLeave }: { landing: Landing; shape: PlacementShape; onLeave: () => void }) {
  const { t } = useTranslation();
  const legName = useLegName(shape);
  const { distributor, distributor_id: id, place, refusal, sponsor } = landing;
  const name = distributor?.name ?? id;
  return (
    <>
      <div className="spread baseline">
        <b>{name}</b>
        <button type="button" className="btn quiet small" onClick={onLeave} aria-label={t("tank.leaveOut", { name })}>
          {t("tank.leave")}
        </button>
      </div>
      {refusal !== null && <Callout is="bad">{refusal.sentence}</Callout>}
      {place !== null && (
        <p className="sub">
          {place.parent === null
            ? t("tank.onTop")
            : t("tank.lands", {
                leg: legName(place.leg),
                name: place.parent.name ?? place.parent.distributor_id,
                level: place.level,
              })}
          {place.parent !== null && sponsor !== null && place.parent.distributor_id !== sponsor.distributor_id && (
            <> {t("tank.spills", { sponsor: sponsor.name ?? sponsor.distributor_id })}</>
          )}
        </p>
      )}
    </>
  );
}

/** Another parent, and one of their legs. */
function Choice({ shape, wish, onWish }: { shape: PlacementShape; wish: Wish; onWish: (wish: Wish) => void }) {
  const { t } = useTranslation();
  const legName = useLegName(shape);
  return (
    <details>
      <summary className="sub">{t("tank.elsewhere")}</summary>
      <div className="stack">
        <Field name={t("tank.parent")} help={t("tank.parentHelp")}>
          <PersonFinder
            label={t("network.find")}
            value={wish.parent?.name ?? ""}
            onChoose={(parent) => onWish({ ...wish, parent })}
            onType={(text) => onWish({ ...wish, parent: text === "" ? undefined : { id: text, name: text } })}
          />
        </Field>
        <Field name={t("tank.leg")}>
          <select
            className="input select"
            value={wish.leg ?? ""}
            onChange={({ target }) => onWish({ ...wish, leg: target.value === "" ? undefined : Number(target.value) })}
          >
            <option value="">{t("tank.firstFree", { mode: t(`tank.mode.${shape.spillover}`) })}</option>
            {Array.from({ length: shape.width }, (_, leg) => (
              <option key={leg} value={leg}>
                {legName(leg)}
              </option>
            ))}
          </select>
        </Field>
      </div>
    </details>
  );
}

/** What their places change: which closes count them there, and with what volume. */
function Counts({ preview }: { preview: Previewed }) {
  const { t } = useTranslation();
  const { language } = usePlace();
  return (
    <section aria-label={t("move.changes")} aria-live="polite">
      <h3>{t("move.changes")}</h3>
      <Defs
        rows={preview.periods.map((period) => ({
          name: (
            <>
              {t("move.close", { name: period.name })}
              <span className="second">
                {t("tank.until")} <Moment at={period.ends_at} as="day" />
              </span>
            </>
          ),
          value: `${formatDecimal(period.pv, language)} PV`,
        }))}
      />
      <p className="note">{preview.periods.length === 0 ? t("tank.noClose") : t("tank.counts")}</p>
    </section>
  );
}

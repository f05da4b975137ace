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

const previewOf = hub.distributors[":distributor_id"].sponsor.preview;
type Previewed = BodyOf<Awaited<ReturnType<typeof previewOf.$post>>>;
type Named = Previewed["distributor"];
const nameOf = (one: Named) => one.name ?? one.distributor_id;

/** What the network says of a move is old after one. */
export const NETWORK_KEYS = ["distributor", "distributors", "frontline", "levels", "upline", "branch", "sponsors"] as const;

export function renewNetwork(): void {
  for (const name of NETWORK_KEYS) void queries.invalidateQueries({ queryKey: [name] });
}

/** Moves somebody, with everyone below, to another sponsor from a day on: what that changes stands in the dialog before it is done. */
export function MoveSponsor({ person, onDone, onClose }: { person: FoundPerson; onDone: () => void; onClose: () => void }) {
  const { t } = useTranslation();
  const { zone } = useCompany();
  const [sponsor, setSponsor] = useState<FoundPerson | null>(null);
  const [isTop, setTop] = useState(false);
  const [day, setDay] = useState(dayIn(new Date(), zone));
  const [reason, setReason] = useState("");
  const isChosen = (isTop || sponsor !== null) && day !== "";
  const json = { sponsor_id: isTop ? null : (sponsor?.id ?? null), at: isChosen ? beginningOf(day, zone) : "" };
  const param = { distributor_id: person.id };
  const looked = useQuery({
    queryKey: ["move", person.id, json],
    enabled: isChosen,
    placeholderData: keepPreviousData,
    queryFn: () => answerOf(previewOf.$post({ param, json })),
  });
  const move = useMutation({
    mutationFn: () =>
      answerOf(hub.distributors[":distributor_id"].sponsor.$post({ param, json: { ...json, reason: reason.trim() } })),
    onSuccess: () => {
      renewNetwork();
      onDone();
    },
  });
  const preview = isChosen ? looked.data : undefined;
  const below = preview?.people_below ?? 0;
  return (
    <Dialog
      title={t("move.title", { name: person.name })}
      about={t("move.about")}
      act={below === 0 ? t("move.act", { name: person.name }) : t("move.actMany", { name: person.name, count: below })}
      isReady={preview !== undefined && !looked.isPlaceholderData && preview.refusal === null && reason.trim().length >= 3}
      isBusy={move.isPending}
      error={move.error}
      onAct={() => move.mutate()}
      onClose={onClose}
    >
      <Field name={t("move.sponsor")}>
        <PersonFinder
          label={t("network.find")}
          value={isTop ? "" : (sponsor?.name ?? "")}
          onChoose={setSponsor}
          onType={(text) => setSponsor(text === "" ? null : { id: text, name: text })}
          disabled={isTop}
          autoFocus
        />
      </Field>
      <label className="tick">
        <input type="checkbox" checked={isTop} onChange={({ target }) => setTop(target.checked)} />
        {t("move.underCompany")}
      </label>
      <Field name={t("move.from")} help={t("move.fromHelp")}>
        <input className="input" type="date" required value={day} onChange={({ target }) => setDay(target.value)} />
      </Field>
      {isChosen && looked.error && <Callout is="bad">{problemOf(looked.error)}</Callout>}
      {isChosen && looked.isLoading && <Bone width={320} />}
      {preview && (preview.refusal ? <Refusal preview={preview} onDay={setDay} /> : <Changes preview={preview} />)}
      <Field name={t("reason")} help={t("move.reasonHelp")}>
        <textarea className="input" value={reason} maxLength={500} onChange={({ target }) => setReason(target.value)} />
      </Field>
    </Dialog>
  );
}

function Changes({ preview }: { preview: Previewed }) {
  const { t } = useTranslation();
  const { language } = usePlace();
  const { people_below: count, orders_kept: orders, periods } = preview;
  const name = nameOf(preview.distributor);
  const under = (one: Named | null) => (one === null ? t("person.company") : nameOf(one));
  return (
    <section aria-label={t("move.changes")} aria-live="polite">
      <h3>{t("move.changes")}</h3>
      <dl className="changes">
        <dt>{t("move.who")}</dt>
        <dd>{count === 0 ? t("move.whoAlone", { name }) : t("move.whoMany", { name, count })}</dd>
        <dt>{t("move.way")}</dt>
        <dd>
          {under(preview.from)} → {under(preview.to)}
        </dd>
        <dt>{t("move.orders")}</dt>
        <dd>
          {orders === null ? t("move.ordersMany") : orders === 0 ? t("move.noOrders") : t("move.ordersKept", { count: orders })}
        </dd>
        {periods.map((period) => (
          <Fragment key={period.period_id}>
            <dt>{t("move.close", { name: period.name })}</dt>
            <dd>
              {period.pv === null ? t("move.closeMany") : t("move.closeVolume", { pv: formatDecimal(period.pv, language) })}
            </dd>
          </Fragment>
        ))}
      </dl>
      {periods.length === 0 && <p className="note">{t("move.noClose")}</p>}
    </section>
  );
}

/** A refused move: what stands in the way, and the nearest that would do. */
function Refusal({ preview, onDay }: { preview: Previewed; onDay: (day: string) => void }) {
  const { t } = useTranslation();
  const { zone } = useCompany();
  const place = usePlace();
  const { refusal } = preview;
  if (refusal === null) return null;
  const earliest = refusal.earliest === null ? null : firstDayFrom(refusal.earliest, zone);
  const day = earliest === null ? "" : dayOf(beginningOf(earliest, zone), place);
  return (
    <Callout is="bad">
      {t(`move.refused.${refusal.reason}`, {
        name: nameOf(preview.distributor),
        sponsor: preview.to === null ? "" : nameOf(preview.to),
        period: refusal.period ?? "",
        day,
      })}
      {refusal.path.length > 0 && <p className="second">{t("move.circle", { path: wayDown(refusal.path) })}</p>}
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

/** Of a long way the first and the last, and how many lie between. */
function wayDown(path: readonly Named[]): string {
  const names = path.map(nameOf);
  const shown = names.length <= 6 ? names : [...names.slice(0, 3), `${names.length - 5} …`, ...names.slice(-2)];
  return shown.join(" › ");
}

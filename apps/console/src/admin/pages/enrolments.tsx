import { useMutation, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { ColumnDef } from "@tanstack/react-table";
import { answerOf, type BodyOf } from "@upline/hub/client";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "../../design/dialog.tsx";
import { Chips, Field } from "../../design/filters.tsx";
import { Moment } from "../../design/moment.tsx";
import { Door, Page } from "../../design/page.tsx";
import { Bone, Callout, Defs } from "../../design/parts.tsx";
import { Status } from "../../design/shapes.tsx";
import { DataTable } from "../../design/table.tsx";
import { hub, queries } from "../../shared/hub.ts";
import { useList } from "../../shared/pages.ts";
import { problemOf } from "../../shared/problem.ts";
import { saidIn } from "../said.ts";
import { type FoundPerson, PersonFinder } from "./person-finder.tsx";

type Enrolling = BodyOf<Awaited<ReturnType<typeof hub.enrolments.$get>>>["items"][number];
type Whole = BodyOf<Awaited<ReturnType<(typeof hub.enrolments)[":enrolment_id"]["$get"]>>>;
const route = getRouteApi("/enrolments");
const STATES = ["confirmed", "waiting", "approved", "refused"] as const;
const SHAPES = { waiting: "open", confirmed: "warn", approved: "good", refused: "bad" } as const;

/** Who wants to join: what they answered and agreed to beside the list, and the decision. */
export default function Enrolments() {
  const { t } = useTranslation();
  const { state, chosen } = route.useSearch();
  const navigate = route.useNavigate();
  const source = useList<Enrolling>(["enrolments", state], (before) =>
    answerOf(hub.enrolments.$get({ query: { limit: "50", ...(state && { state }), ...(before !== undefined && { before }) } })),
  );
  const columns: ColumnDef<Enrolling, unknown>[] = [
    {
      id: "name",
      header: t("enrolments.name"),
      cell: ({ row: { original } }) => (
        <>
          {original.name || t("enrolments.forgotten")}
          <span className="second">{original.country}</span>
        </>
      ),
    },
    {
      id: "inviter",
      header: t("enrolments.inviter"),
      cell: ({ row: { original } }) => (
        <>
          {original.sponsor_name || original.sponsor_id}
          <span className="second">{t("enrolments.byCode", { code: original.code })}</span>
        </>
      ),
    },
    { id: "asked", header: t("enrolments.asked"), cell: ({ row }) => <Moment at={row.original.asked_at} /> },
    {
      id: "state",
      header: t("state"),
      cell: ({ row: { original } }) => <Status is={SHAPES[original.state]}>{t(`enrolments.state.${original.state}`)}</Status>,
    },
  ];
  return (
    <Page
      title={t("enrolments.title")}
      about={t("enrolments.about")}
      actions={
        <Link className="btn" to="/settings/enrolment">
          {t("enrolments.form")}
        </Link>
      }
    >
      <div className="cols">
        <div>
          <div className="toolbar">
            <Chips
              label={t("state")}
              chips={STATES.map((one) => ({
                name: t(`enrolments.state.${one}`),
                isOn: state === one,
                onPress: () => void navigate({ search: { state: state === one ? undefined : one }, replace: true }),
              }))}
            />
          </div>
          <DataTable
            label={t("enrolments.title")}
            columns={columns}
            source={source}
            keyOf={({ enrolment_id }) => enrolment_id}
            isChosen={({ enrolment_id }) => enrolment_id === chosen}
            onChoose={({ enrolment_id }) => void navigate({ search: { state, chosen: enrolment_id }, replace: true })}
            empty={t(state === undefined ? "enrolments.empty" : "enrolments.emptyState")}
          />
        </div>
        <aside className="panel decision side-sticky">
          {chosen === undefined ? <p className="sub">{t("enrolments.choose")}</p> : <One key={chosen} enrolmentId={chosen} />}
        </aside>
      </div>
    </Page>
  );
}

function One({ enrolmentId }: { enrolmentId: string }) {
  const { t } = useTranslation();
  const param = { enrolment_id: enrolmentId };
  const { data, error, refetch } = useQuery({
    queryKey: ["enrolment", enrolmentId],
    queryFn: () => answerOf(hub.enrolments[":enrolment_id"].$get({ param })),
  });
  if (error)
    return (
      <Callout is="bad">
        {problemOf(error)}{" "}
        <button type="button" className="btn quiet small" onClick={() => void refetch()}>
          {t("again")}
        </button>
      </Callout>
    );
  if (data === undefined) return <Bone width={180} />;
  return (
    <div className="stack">
      <div className="spread">
        <h2>{data.name || t("enrolments.forgotten")}</h2>
        <Status is={SHAPES[data.state]}>{t(`enrolments.state.${data.state}`)}</Status>
      </div>
      <Facts of={data} />
      {data.state === "waiting" && (
        <p className="sub">
          {t("enrolments.waits")} <Moment at={data.expires_at} />
        </p>
      )}
      {data.state === "confirmed" && <Decision of={data} />}
    </div>
  );
}

function Facts({ of: one }: { of: Whole }) {
  const { t, i18n } = useTranslation();
  const rows = [
    {
      name: t("enrolments.inviter"),
      value: (
        <Door shown to="/network" search={{ chosen: one.sponsor_id }}>
          {one.sponsor_name || one.sponsor_id}
        </Door>
      ),
    },
    { name: t("enrolments.country"), value: one.country },
    ...one.answers.map(({ field_id, label, value, shown }) => ({
      name: saidIn(label, i18n.language) || field_id,
      value: shown !== null ? saidIn(shown, i18n.language) : value === true ? t("yes") : value === false ? t("no") : value,
    })),
    ...one.consents.map(({ consent_id, version, text, given_at }) => ({
      name: (
        <>
          {t("enrolments.agreed", { id: consent_id, version })}
          <span className="second">{saidIn(text, i18n.language)}</span>
        </>
      ),
      value: given_at === null ? t("enrolments.notYet") : <Moment at={given_at} />,
    })),
    ...(one.confirmed_at === null ? [] : [{ name: t("enrolments.confirmed"), value: <Moment at={one.confirmed_at} /> }]),
    ...(one.decided_at === null ? [] : [{ name: t("enrolments.decided"), value: <Moment at={one.decided_at} /> }]),
    ...(one.reason === null ? [] : [{ name: t("reason"), value: one.reason }]),
    ...(one.distributor_id === null
      ? []
      : [
          {
            name: t("distributor"),
            value: (
              <Door shown to="/network" search={{ chosen: one.distributor_id }}>
                {one.distributor_id}
              </Door>
            ),
          },
        ]),
  ];
  return <Defs rows={rows} />;
}

/** Under whom: who invited, unless they are suspended or left meanwhile, which is for somebody to decide. */
function useUnderWhom(one: Whole) {
  const [other, setOther] = useState<FoundPerson | null>(null);
  const [isDespite, setDespite] = useState(false);
  const isResting = one.sponsor_status === "suspended" || one.sponsor_status === "terminated";
  const inviter = one.sponsor_name || one.sponsor_id;
  const taken = isResting && !isDespite ? other : null;
  const said = taken !== null ? { sponsor_id: taken.id } : isResting && isDespite ? { despite_status: true } : {};
  return {
    ...{ other, setOther, isDespite, setDespite, isResting, inviter, said },
    name: taken?.name ?? inviter,
    isDecided: !isResting || isDespite || taken !== null,
  };
}

function UnderWhom({ of: one, under }: { of: Whole; under: ReturnType<typeof useUnderWhom> }) {
  const { t } = useTranslation();
  if (!under.isResting) return null;
  const { inviter, other, isDespite } = under;
  return (
    <>
      <Callout is="warn">{t("enrolments.resting", { inviter, status: t(`standing.${one.sponsor_status}`) })}</Callout>
      <Field name={t("enrolments.otherSponsor")}>
        <PersonFinder
          label={t("enrolments.otherSponsor")}
          value={other?.name ?? ""}
          onChoose={under.setOther}
          onType={(id) => under.setOther(id === "" ? null : { id, name: id })}
          disabled={isDespite}
        />
      </Field>
      <label className="row">
        <input type="checkbox" checked={isDespite} onChange={({ target }) => under.setDespite(target.checked)} />
        {t("enrolments.despite", { inviter })}
      </label>
    </>
  );
}

function Decision({ of: one }: { of: Whole }) {
  const { t } = useTranslation();
  const [isRefusing, setRefusing] = useState(false);
  const [reason, setReason] = useState("");
  const under = useUnderWhom(one);
  const param = { enrolment_id: one.enrolment_id };
  const again = () => {
    void queries.invalidateQueries({ queryKey: ["enrolments"] });
    void queries.invalidateQueries({ queryKey: ["overview"] });
    void queries.invalidateQueries({ queryKey: ["enrolment", one.enrolment_id] });
  };
  const approve = useMutation({
    mutationFn: () => answerOf(hub.enrolments[":enrolment_id"].approve.$post({ param, json: under.said })),
    onSuccess: again,
    // Whoever invites may have left since the page was loaded.
    onError: () => void queries.invalidateQueries({ queryKey: ["enrolment", one.enrolment_id] }),
  });
  const refuse = useMutation({
    mutationFn: () => answerOf(hub.enrolments[":enrolment_id"].refuse.$post({ param, json: { reason } })),
    onSuccess: () => {
      setRefusing(false);
      again();
    },
  });
  return (
    <>
      <p className="sub">{t("enrolments.decide", { inviter: under.name })}</p>
      <UnderWhom of={one} under={under} />
      {approve.error && <Callout is="bad">{problemOf(approve.error)}</Callout>}
      <div className="row">
        <button
          type="button"
          className="btn primary"
          disabled={!under.isDecided || approve.isPending}
          onClick={() => approve.mutate()}
        >
          {approve.isPending ? t("working") : t("enrolments.approve")}
        </button>
        <button type="button" className="btn danger" onClick={() => setRefusing(true)}>
          {t("enrolments.refuse")}
        </button>
      </div>
      {isRefusing && (
        <Dialog
          title={t("enrolments.refuseTitle", { name: one.name })}
          about={t("enrolments.refuseAbout")}
          act={t("enrolments.refuseAct")}
          isReady={reason.trim().length >= 5}
          isBusy={refuse.isPending}
          error={refuse.error}
          onAct={() => refuse.mutate()}
          onClose={() => setRefusing(false)}
        >
          <Field name={t("enrolments.refuseReason")}>
            <textarea
              className="input"
              rows={4}
              maxLength={1000}
              value={reason}
              onChange={({ target }) => setReason(target.value)}
              data-autofocus
            />
          </Field>
        </Dialog>
      )}
    </>
  );
}

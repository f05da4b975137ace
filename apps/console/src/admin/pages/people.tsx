import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ColumnDef } from "@tanstack/react-table";
import { answerOf, type BodyOf } from "@upline/hub/client";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "../../design/dialog.tsx";
import { Field } from "../../design/filters.tsx";
import { Moment } from "../../design/moment.tsx";
import { Page, Section } from "../../design/page.tsx";
import { Callout } from "../../design/parts.tsx";
import { Status } from "../../design/shapes.tsx";
import { hasCome } from "../../design/table.tsx";
import { useCompany } from "../../shared/company.tsx";
import { hub, queries } from "../../shared/hub.ts";
import { useList } from "../../shared/pages.ts";
import { problemOf } from "../../shared/problem.ts";
import { ListTable } from "../list-table.tsx";
import { ADMINS } from "../rights.ts";
import { ApiKeys } from "./api-keys.tsx";

type Person = BodyOf<Awaited<ReturnType<typeof hub.people.$get>>>["items"][number];
type Invitation = BodyOf<Awaited<ReturnType<typeof hub.people.invitations.$get>>>["items"][number];

const STAFF_ROLES = ["owner", "admin", "finance", "support", "viewer"] as const;
type StaffRole = (typeof STAFF_ROLES)[number];
const again = () => queries.invalidateQueries({ queryKey: ["people"] });

/** Who works for the company, who is invited, and the keys of programs. */
export default function People() {
  const { t } = useTranslation();
  const { personId, role } = useCompany();
  const mayChange = ADMINS.includes(role);
  const [isInviting, setInviting] = useState(false);
  const [leaving, setLeaving] = useState<Person | null>(null);
  const source = useList(["people", "staff"], (before) =>
    answerOf(hub.people.$get({ query: { limit: "50", ...(before !== undefined && { before }) } })),
  );
  const isStaffKnown = hasCome(source);
  const invited = useInvitations(mayChange);
  const change = useMutation({
    mutationFn: ({ id, role }: { id: string; role: StaffRole }) =>
      answerOf(hub.people[":person_id"].$patch({ param: { person_id: id }, json: { role } })),
    onSettled: again,
  });
  const columns: ColumnDef<Person, unknown>[] = [
    {
      id: "name",
      header: t("people.name"),
      cell: ({ row: { original } }) => (
        <>
          {original.name} {original.person_id === personId && <span className="note">({t("people.you")})</span>}
          <span className="second">{original.email}</span>
        </>
      ),
    },
    {
      id: "role",
      header: t("people.role"),
      cell: ({ row: { original } }) =>
        original.person_id === personId || !mayChange ? (
          t(`role.${original.role}`)
        ) : (
          <select
            className="input select"
            aria-label={`${t("people.role")} ${original.name}`}
            value={original.role}
            disabled={change.isPending}
            onChange={({ target }) => change.mutate({ id: original.person_id, role: target.value as StaffRole })}
          >
            {STAFF_ROLES.map((role) => (
              <option key={role} value={role}>
                {t(`role.${role}`)}
              </option>
            ))}
          </select>
        ),
    },
    {
      id: "code",
      header: t("people.code"),
      meta: { width: 112 },
      cell: ({ row }) =>
        row.original.totp ? <Status is="good">{t("people.codeOn")}</Status> : <Status is="open">{t("people.codeOff")}</Status>,
    },
    { id: "since", header: t("people.since"), cell: ({ row }) => <Moment at={row.original.since} as="day" /> },
    {
      id: "remove",
      header: () => <span className="vh">{t("people.remove")}</span>,
      meta: { numeric: true },
      cell: ({ row: { original } }) =>
        mayChange &&
        original.person_id !== personId && (
          <button type="button" className="btn small danger" onClick={() => setLeaving(original)}>
            {t("people.remove")}
          </button>
        ),
    },
  ];
  return (
    <Page
      title={t("people.title")}
      about={t("people.about")}
      crumbs={[
        <Link key="/settings" to="/settings">
          {t("nav.settings")}
        </Link>,
      ]}
      actions={
        mayChange && (
          <button type="button" className="btn primary" onClick={() => setInviting(true)}>
            {t("people.invite")}
          </button>
        )
      }
    >
      {change.error && <Callout is="bad">{problemOf(change.error)}</Callout>}
      <Section first title={t("people.staff")}>
        <ListTable
          csv={hub.people.$url({ query: {} })}
          label={t("people.staff")}
          columns={columns}
          source={source}
          keyOf={(one) => one.person_id}
          empty={t("people.empty")}
        />
      </Section>
      {/* What a table above comes to decides where these stand: they are asked for meanwhile, and shown where they stay. */}
      {mayChange && (
        <div hidden={!isStaffKnown}>
          <Waiting />
        </div>
      )}
      {mayChange && (
        <div hidden={!isStaffKnown || invited.isPending}>
          <ApiKeys />
        </div>
      )}
      {isInviting && <Invite onClose={() => setInviting(false)} />}
      {leaving && <Remove person={leaving} onClose={() => setLeaving(null)} />}
    </Page>
  );
}

function useInvitations(isAsked: boolean) {
  return useQuery({
    queryKey: ["people", "invitations"],
    enabled: isAsked,
    queryFn: () => answerOf(hub.people.invitations.$get({ query: { limit: "100" } })),
  });
}

function Waiting() {
  const { t } = useTranslation();
  const { data, error, refetch } = useInvitations(true);
  const withdraw = useMutation({
    mutationFn: (id: string) => answerOf(hub.people.invitations[":invitation_id"].$delete({ param: { invitation_id: id } })),
    onSettled: again,
  });
  const columns: ColumnDef<Invitation, unknown>[] = [
    { id: "email", header: t("signIn.email"), cell: ({ row }) => row.original.email },
    { id: "role", header: t("people.role"), cell: ({ row }) => t(`role.${row.original.role}`) },
    { id: "until", header: t("people.until"), cell: ({ row }) => <Moment at={row.original.expires_at} /> },
    {
      id: "withdraw",
      header: () => <span className="vh">{t("people.withdraw")}</span>,
      meta: { numeric: true },
      cell: ({ row }) => (
        <button
          type="button"
          className="btn small"
          disabled={withdraw.isPending}
          onClick={() => withdraw.mutate(row.original.invitation_id)}
        >
          {t("people.withdraw")}
        </button>
      ),
    },
  ];
  return (
    <Section title={t("people.waiting")}>
      <ListTable
        csv={hub.people.invitations.$url({ query: {} })}
        label={t("people.waiting")}
        columns={columns}
        source={{ rows: data?.items, error: error ?? withdraw.error, refetch: () => void refetch() }}
        keyOf={(one) => one.invitation_id}
        empty={t("people.noneWaiting")}
      />
    </Section>
  );
}

function Invite({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<StaffRole>("viewer");
  const invite = useMutation({
    mutationFn: () => answerOf(hub.people.invitations.$post({ json: { email: email.trim(), role } })),
    onSuccess: async () => {
      await again();
      onClose();
    },
  });
  return (
    <Dialog
      title={t("people.inviteTitle")}
      about={t("people.inviteAbout")}
      act={t("people.inviteAct")}
      isReady={email.includes("@")}
      isBusy={invite.isPending}
      error={invite.error}
      onAct={() => invite.mutate()}
      onClose={onClose}
    >
      <Field name={t("signIn.email")}>
        <input className="input" type="email" value={email} onChange={({ target }) => setEmail(target.value)} data-autofocus />
      </Field>
      <Field name={t("people.role")}>
        <select className="input select" value={role} onChange={({ target }) => setRole(target.value as StaffRole)}>
          {STAFF_ROLES.map((one) => (
            <option key={one} value={one}>
              {t(`role.${one}`)}
            </option>
          ))}
        </select>
      </Field>
    </Dialog>
  );
}

function Remove({ person, onClose }: { person: Person; onClose: () => void }) {
  const { t } = useTranslation();
  const remove = useMutation({
    mutationFn: () => answerOf(hub.people[":person_id"].$delete({ param: { person_id: person.person_id }, query: {} })),
    onSuccess: async () => {
      await again();
      onClose();
    },
  });
  return (
    <Dialog
      title={t("people.removeTitle", { name: person.name })}
      about={t("people.removeAbout")}
      act={t("people.removeAct")}
      isReady
      isBusy={remove.isPending}
      error={remove.error}
      onAct={() => remove.mutate()}
      onClose={onClose}
    >
      <p>{person.email}</p>
    </Dialog>
  );
}

import { useMutation, useQuery } from "@tanstack/react-query";
import type { ColumnDef } from "@tanstack/react-table";
import { answerOf, type BodyOf } from "@upline/hub/client";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "../../design/dialog.tsx";
import { Chips, Field } from "../../design/filters.tsx";
import { Moment } from "../../design/moment.tsx";
import { Section } from "../../design/page.tsx";
import { Callout } from "../../design/parts.tsx";
import { hub, queries } from "../../shared/hub.ts";
import { ListTable } from "../list-table.tsx";

type Key = BodyOf<Awaited<ReturnType<typeof hub.keys.$get>>>["items"][number];
const SCOPES = ["read", "orders", "admin"] as const;
type Scope = (typeof SCOPES)[number];
const again = () => queries.invalidateQueries({ queryKey: ["keys"] });

/** What programs sign in with: shown once, made useless at once. */
export function ApiKeys() {
  const { t } = useTranslation();
  const [isMaking, setMaking] = useState(false);
  const { data, error, refetch } = useQuery({ queryKey: ["keys"], queryFn: () => answerOf(hub.keys.$get()) });
  const revoke = useMutation({
    mutationFn: (prefix: string) => answerOf(hub.keys[":prefix"].$delete({ param: { prefix } })),
    onSettled: again,
  });
  const columns: ColumnDef<Key, unknown>[] = [
    {
      id: "name",
      header: t("people.keyName"),
      cell: ({ row: { original } }) => (
        <>
          {original.name}
          <span className="second mono">{original.prefix}…</span>
        </>
      ),
    },
    { id: "owner", header: t("people.keyOwner"), cell: ({ row }) => row.original.owner },
    {
      id: "scopes",
      header: t("people.keyScopes"),
      cell: ({ row }) =>
        row.original.scopes.map((scope) => t(`people.scope.${scope}` as "people.scope.read", { defaultValue: scope })).join(", "),
    },
    { id: "since", header: t("people.since"), cell: ({ row }) => <Moment at={row.original.created_at} as="day" /> },
    {
      id: "revoke",
      header: () => <span className="vh">{t("people.keyRevoke")}</span>,
      meta: { numeric: true },
      cell: ({ row: { original } }) =>
        original.revoked_at === null ? (
          <button
            type="button"
            className="btn small danger"
            disabled={revoke.isPending}
            onClick={() => revoke.mutate(original.prefix)}
          >
            {t("people.keyRevoke")}
          </button>
        ) : (
          <span className="note">
            {t("people.keyRevoked")} <Moment at={original.revoked_at} />
          </span>
        ),
    },
  ];
  return (
    <Section
      title={t("people.keys")}
      aside={
        <button type="button" className="btn" onClick={() => setMaking(true)}>
          {t("people.keyMake")}
        </button>
      }
    >
      <ListTable
        csv={hub.keys.$url()}
        label={t("people.keys")}
        columns={columns}
        source={{ rows: data?.items, error: error ?? revoke.error, refetch: () => void refetch() }}
        keyOf={(one) => `${one.prefix} ${one.created_at}`}
        empty={t("people.noKeys")}
      />
      {isMaking && <MakeKey onClose={() => setMaking(false)} />}
    </Section>
  );
}

function MakeKey({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const [scope, setScope] = useState<Scope>("read");
  const make = useMutation({
    mutationFn: () => answerOf(hub.keys.$post({ json: { name: name.trim(), scopes: [scope] } })),
    onSuccess: again,
  });
  return (
    <Dialog
      title={t("people.keyTitle")}
      about={t("people.keyAbout")}
      act={t("people.keyAct")}
      isReady={name.trim() !== "" && make.data === undefined}
      isBusy={make.isPending}
      error={make.error}
      onAct={() => make.mutate()}
      onClose={onClose}
    >
      <Field name={t("people.keyName")}>
        <input className="input" maxLength={100} value={name} onChange={({ target }) => setName(target.value)} data-autofocus />
      </Field>
      <Chips
        label={t("people.keyScopes")}
        chips={SCOPES.map((one) => ({ name: t(`people.scope.${one}`), isOn: scope === one, onPress: () => setScope(one) }))}
      />
      {make.data && (
        <>
          <Callout is="good">{t("people.keyShown")}</Callout>
          <p className="mono" style={{ overflowWrap: "anywhere", userSelect: "all" }}>
            {make.data.key}
          </p>
        </>
      )}
    </Dialog>
  );
}

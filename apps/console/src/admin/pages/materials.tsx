import { useMutation, useQuery } from "@tanstack/react-query";
import type { ColumnDef } from "@tanstack/react-table";
import { answerOf, type BodyOf } from "@upline/hub/client";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "../../design/dialog.tsx";
import { Field } from "../../design/filters.tsx";
import { Moment } from "../../design/moment.tsx";
import { Page } from "../../design/page.tsx";
import { hub, queries } from "../../shared/hub.ts";
import { base64Of } from "../base64.ts";
import { ListTable } from "../list-table.tsx";

type Material = BodyOf<Awaited<ReturnType<typeof hub.materials.$get>>>["items"][number];
const KINDS = ["text", "link", "picture"] as const;
type Kind = (typeof KINDS)[number];
const again = () => queries.invalidateQueries({ queryKey: ["materials"] });

/** What the company offers its distributors to hand on. */
export default function Materials() {
  const { t } = useTranslation();
  const [editing, setEditing] = useState<Material | "new" | null>(null);
  const { data, error, refetch } = useQuery({ queryKey: ["materials"], queryFn: () => answerOf(hub.materials.$get()) });
  const withdraw = useMutation({
    mutationFn: (material_id: string) => answerOf(hub.materials[":material_id"].$delete({ param: { material_id } })),
    onSuccess: again,
  });
  const columns: ColumnDef<Material, unknown>[] = [
    {
      id: "title",
      header: t("materials.name"),
      cell: ({ row: { original } }) => (
        <>
          {original.title}
          <span className="second">{original.body.slice(0, 120)}</span>
        </>
      ),
    },
    { id: "kind", header: t("materials.kind"), cell: ({ row }) => t(`materials.kinds.${row.original.kind}`) },
    { id: "changed", header: t("materials.changed"), cell: ({ row }) => <Moment at={row.original.changed_at} /> },
    {
      id: "acts",
      header: () => <span className="vh">{t("materials.edit")}</span>,
      meta: { numeric: true },
      cell: ({ row: { original } }) => (
        <>
          <button type="button" className="btn small" onClick={() => setEditing(original)}>
            {t("materials.edit")}
          </button>{" "}
          <button
            type="button"
            className="btn small danger"
            disabled={withdraw.isPending}
            onClick={() => withdraw.mutate(original.material_id)}
          >
            {t("materials.withdraw")}
          </button>
        </>
      ),
    },
  ];
  return (
    <Page
      title={t("materials.title")}
      about={t("materials.about")}
      actions={
        <button type="button" className="btn primary" onClick={() => setEditing("new")}>
          {t("materials.add")}
        </button>
      }
    >
      <ListTable
        csv={hub.materials.$url()}
        label={t("materials.title")}
        columns={columns}
        source={{ rows: data?.items, error: error ?? withdraw.error, refetch: () => void refetch() }}
        keyOf={({ material_id }) => material_id}
        empty={t("materials.empty")}
      />
      {editing !== null && <Edit of={editing === "new" ? null : editing} onClose={() => setEditing(null)} />}
    </Page>
  );
}

function Edit({ of, onClose }: { of: Material | null; onClose: () => void }) {
  const { t } = useTranslation();
  const [kind, setKind] = useState<Kind>(of?.kind ?? "text");
  const [title, setTitle] = useState(of?.title ?? "");
  const [body, setBody] = useState(of?.body ?? "");
  const [file, setFile] = useState<File | null>(null);
  const save = useMutation({
    mutationFn: async () => {
      if (of !== null)
        return answerOf(
          hub.materials[":material_id"].$put({ param: { material_id: of.material_id }, json: { kind, title, body } }),
        );
      const picture = kind === "picture" && file !== null ? { picture: await base64Of(file) } : {};
      return answerOf(hub.materials.$post({ json: { kind, title, body, ...picture } }));
    },
    onSuccess: () => {
      void again();
      onClose();
    },
  });
  return (
    <Dialog
      title={of === null ? t("materials.add") : t("materials.edit")}
      act={t("materials.save")}
      isReady={title.trim() !== "" && (kind !== "picture" || of !== null || file !== null)}
      isBusy={save.isPending}
      error={save.error}
      onAct={() => save.mutate()}
      onClose={onClose}
    >
      {of === null && (
        <Field name={t("materials.kind")}>
          <select className="input select" value={kind} onChange={({ target }) => setKind(target.value as Kind)}>
            {KINDS.map((each) => (
              <option key={each} value={each}>
                {t(`materials.kinds.${each}`)}
              </option>
            ))}
          </select>
        </Field>
      )}
      <Field name={t("materials.name")}>
        <input className="input" required maxLength={200} value={title} onChange={({ target }) => setTitle(target.value)} />
      </Field>
      {kind === "picture" && of === null && (
        <Field name={t("materials.file")} help={t("materials.fileHelp")}>
          <input
            className="input"
            type="file"
            accept="image/png,image/jpeg,image/webp"
            onChange={({ target }) => setFile(target.files?.[0] ?? null)}
          />
        </Field>
      )}
      <Field name={t(`materials.bodies.${kind}`)}>
        {kind === "text" ? (
          <textarea className="input" rows={8} value={body} onChange={({ target }) => setBody(target.value)} />
        ) : (
          <input className="input" value={body} onChange={({ target }) => setBody(target.value)} />
        )}
      </Field>
    </Dialog>
  );
}

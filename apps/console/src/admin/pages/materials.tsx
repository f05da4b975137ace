import { useMutation, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import type { ColumnDef } from "@tanstack/react-table";
import { answerOf, type BodyOf } from "@upline/hub/client";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "../../design/dialog.tsx";
import { Field } from "../../design/filters.tsx";
import { Moment } from "../../design/moment.tsx";
import { Page } from "../../design/page.tsx";
import { useCompany } from "../../shared/company.tsx";
import { hub, queries } from "../../shared/hub.ts";
import { base64Of } from "../base64.ts";
import { ListTable } from "../list-table.tsx";

type Material = BodyOf<Awaited<ReturnType<typeof hub.materials.$get>>>["items"][number];
const route = getRouteApi("/materials");
const KINDS = ["text", "link", "picture"] as const;
type Kind = (typeof KINDS)[number];
const again = () => queries.invalidateQueries({ queryKey: ["materials"] });

/** What the company offers its distributors to hand on, and beside the list what is chosen, as they see it. */
export default function Materials() {
  const { t } = useTranslation();
  const { slug } = useCompany();
  const { chosen } = route.useSearch();
  const navigate = route.useNavigate();
  const [editing, setEditing] = useState<Material | "new" | null>(null);
  const { data, error, refetch } = useQuery({ queryKey: ["materials"], queryFn: () => answerOf(hub.materials.$get()) });
  const choose = (id: string | undefined) => void navigate({ search: { chosen: id }, resetScroll: false });
  const one = data?.items.find(({ material_id: id }) => id === chosen);
  const columns: ColumnDef<Material, unknown>[] = [
    {
      id: "title",
      header: t("materials.name"),
      cell: ({ row: { original } }) => (
        <>
          <button type="button" className="tree-choose" onClick={() => choose(original.material_id)}>
            {original.title}
          </button>
          <span className="second clip">{original.kind === "link" ? hostOf(original.body) : original.body}</span>
          <span className="second narrow">
            {t(`materials.kinds.${original.kind}`)} · <Moment at={original.changed_at} as="day" />
          </span>
        </>
      ),
    },
    {
      id: "kind",
      header: t("materials.kind"),
      meta: { beside: true },
      cell: ({ row }) => t(`materials.kinds.${row.original.kind}`),
    },
    {
      id: "changed",
      header: t("materials.changed"),
      meta: { beside: true, numeric: true },
      cell: ({ row }) => <Moment at={row.original.changed_at} as="day" />,
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
      <div className="cols">
        <div>
          <ListTable
            csv={hub.materials.$url()}
            label={t("materials.title")}
            columns={columns}
            source={{ rows: data?.items, error, refetch: () => void refetch() }}
            keyOf={({ material_id }) => material_id}
            isChosen={({ material_id: id }) => id === chosen}
            onChoose={({ material_id: id }) => choose(id)}
            empty={t("materials.empty")}
          />
        </div>
        {one !== undefined && (
          <Offered key={one.material_id} one={one} slug={slug} onEdit={() => setEditing(one)} onGone={() => choose(undefined)} />
        )}
      </div>
      {editing !== null && <Edit of={editing === "new" ? null : editing} onClose={() => setEditing(null)} />}
    </Page>
  );
}

/** Of a link where it leads; what is no address is told as it is. */
function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host : address;
}

interface OfferedProps {
  readonly one: Material;
  readonly slug: string;
  onEdit(): void;
  onGone(): void;
}

/** One of them as distributors see it, and what can be done with it. */
function Offered({ one, slug, onEdit, onGone }: OfferedProps) {
  const { t } = useTranslation();
  const [isLeaving, setLeaving] = useState(false);
  const withdraw = useMutation({
    mutationFn: () => answerOf(hub.materials[":material_id"].$delete({ param: { material_id: one.material_id } })),
    onSuccess: () => {
      void again();
      onGone();
    },
  });
  return (
    <aside className="panel side-sticky" aria-label={one.title}>
      <div className="spread baseline">
        <h2>{one.title}</h2>
        <span className="note">{t(`materials.kinds.${one.kind}`)}</span>
      </div>
      <p className="sub">
        {t("materials.changed")} <Moment at={one.changed_at} />
      </p>
      <hr className="rule" />
      <h3>{t("materials.seen")}</h3>
      <div className="offered">
        {one.kind === "picture" ? (
          <img
            src={`/api/materials/${one.material_id}/picture?company=${encodeURIComponent(slug)}`}
            alt={one.body || one.title}
          />
        ) : one.kind === "link" ? (
          <a href={one.body} target="_blank" rel="noreferrer">
            {one.body}
          </a>
        ) : (
          one.body
        )}
      </div>
      <hr className="rule" />
      <div className="row" style={{ flexWrap: "wrap" }}>
        <button type="button" className="btn" onClick={onEdit}>
          {t("materials.edit")}
        </button>
        <button type="button" className="btn" onClick={() => setLeaving(true)}>
          {t("materials.withdraw")}
        </button>
      </div>
      {isLeaving && (
        <Dialog
          title={t("materials.withdrawTitle", { title: one.title })}
          about={t("materials.withdrawAbout")}
          act={t("materials.withdrawAct", { title: one.title })}
          isReady
          isBusy={withdraw.isPending}
          error={withdraw.error}
          onAct={() => withdraw.mutate()}
          onClose={() => setLeaving(false)}
        >
          {null}
        </Dialog>
      )}
    </aside>
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
      title={of === null ? t("materials.addTitle") : t("materials.editTitle", { title: of.title })}
      act={t(of === null ? "materials.offer" : "materials.keep")}
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

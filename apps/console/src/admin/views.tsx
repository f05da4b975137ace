import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useRouterState } from "@tanstack/react-router";
import { answerOf, type BodyOf } from "@upline/hub/client";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Disclosure } from "../design/disclosure.tsx";
import { Callout } from "../design/parts.tsx";
import { useCompany } from "../shared/company.tsx";
import { hub, queries } from "../shared/hub.ts";
import { problemOf } from "../shared/problem.ts";

type View = BodyOf<Awaited<ReturnType<typeof hub.views.$get>>>["items"][number];
type Content = Pick<View, "name" | "shared" | "query">;

/** What the table shows now, as a view keeps it: a row that is looked at is no part of it. */
function useShown(): string {
  const search = useRouterState({ select: ({ location }) => location.searchStr });
  return kept(search);
}

function kept(search: string): string {
  const parameters = new URLSearchParams(search);
  parameters.delete("chosen");
  parameters.sort();
  return parameters.toString();
}

/** Filters and columns under a name: one's own and the company's, chosen, kept, renamed and dropped. */
export function Views({ page }: { page: string }) {
  const { t } = useTranslation();
  const shown = useShown();
  const { data, error } = useQuery({
    queryKey: ["views", page],
    queryFn: () => answerOf(hub.views.$get({ query: { page } })),
    staleTime: 60_000,
  });
  const inUse = data?.items.find(({ query }) => query !== "" && kept(query) === shown);
  return (
    <Disclosure word={inUse === undefined ? t("views.title") : t("views.inUse", { name: inUse.name })}>
      {(close) => (
        <div className="stack">
          {error && <Callout is="bad">{problemOf(error)}</Callout>}
          {data?.items.length === 0 && <p className="note">{t("views.empty")}</p>}
          <Kept views={data?.items ?? []} page={page} shown={shown} onChoose={close} />
          <Keep page={page} shown={shown} />
        </div>
      )}
    </Disclosure>
  );
}

const renew = (page: string) => queries.invalidateQueries({ queryKey: ["views", page] });
const keepView = (page: string, content: Content) => answerOf(hub.views.$post({ json: { page, ...content } }));

function Kept(props: { views: readonly View[]; page: string; shown: string; onChoose: () => void }) {
  const { t } = useTranslation();
  const { views, page, shown, onChoose } = props;
  const [renaming, setRenaming] = useState<string | null>(null);
  const drop = useMutation({
    mutationFn: async (view: View) => {
      await answerOf(hub.views[":view_id"].$delete({ param: { view_id: view.view_id } }));
      return view;
    },
    onSuccess: () => renew(page),
  });
  const takeBack = useMutation({
    mutationFn: ({ name, shared, query }: View) => keepView(page, { name, shared, query }),
    onSuccess: () => {
      drop.reset();
      return renew(page);
    },
  });
  return (
    <>
      {views.length > 0 && (
        <ul className="views">
          {views.map((view) => (
            <li key={view.view_id}>
              {renaming === view.view_id ? (
                <Rename view={view} page={page} onDone={() => setRenaming(null)} />
              ) : (
                <>
                  <Link
                    to="."
                    search={Object.fromEntries(new URLSearchParams(view.query)) as never}
                    aria-current={kept(view.query) === shown ? "true" : undefined}
                    onClick={onChoose}
                  >
                    {view.name}
                  </Link>
                  <span className="note">{view.shared ? t("views.shared") : t("views.own")}</span>
                  {view.changeable && (
                    <span className="row">
                      <button type="button" className="btn quiet small" onClick={() => setRenaming(view.view_id)}>
                        {t("views.rename")}
                        <span className="vh"> {view.name}</span>
                      </button>
                      <button
                        type="button"
                        className="btn quiet small"
                        disabled={drop.isPending}
                        onClick={() => drop.mutate(view)}
                      >
                        {t("views.drop")}
                        <span className="vh"> {view.name}</span>
                      </button>
                    </span>
                  )}
                </>
              )}
            </li>
          ))}
        </ul>
      )}
      {drop.data && (
        <p className="note" role="status">
          {t("views.dropped", { name: drop.data.name })}{" "}
          <button
            type="button"
            className="btn quiet small"
            disabled={takeBack.isPending}
            onClick={() => drop.data && takeBack.mutate(drop.data)}
          >
            {t("views.takeBack")}
          </button>
        </p>
      )}
      {(drop.error ?? takeBack.error) && <Callout is="bad">{problemOf(drop.error ?? takeBack.error)}</Callout>}
    </>
  );
}

function Rename({ view, page, onDone }: { view: View; page: string; onDone: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState(view.name);
  const rename = useMutation({
    mutationFn: () => {
      const { view_id, shared, query } = view;
      return answerOf(hub.views[":view_id"].$put({ param: { view_id }, json: { name, shared, query } }));
    },
    onSuccess: async () => {
      await renew(page);
      onDone();
    },
  });
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        rename.mutate();
      }}
    >
      <div className="row">
        <input
          className="input"
          aria-label={t("views.name")}
          value={name}
          maxLength={80}
          // biome-ignore lint/a11y/noAutofocus: the field stands where the word was that was pressed
          autoFocus
          onChange={({ target }) => setName(target.value)}
        />
        <button type="submit" className="btn small" disabled={name.trim() === "" || rename.isPending}>
          {t("views.rename")}
        </button>
      </div>
      {rename.error && <Callout is="bad">{problemOf(rename.error)}</Callout>}
    </form>
  );
}

function Keep({ page, shown }: { page: string; shown: string }) {
  const { t } = useTranslation();
  const { role } = useCompany();
  const [name, setName] = useState("");
  const [shared, setShared] = useState(false);
  const keep = useMutation({
    mutationFn: () => keepView(page, { name: name.trim(), shared, query: shown }),
    onSuccess: () => {
      setName("");
      return renew(page);
    },
  });
  if (shown === "") return <p className="note">{t("views.nothing")}</p>;
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== "") keep.mutate();
      }}
    >
      <label className="field">
        <span>{t("views.keepAs")}</span>
        <input className="input" value={name} maxLength={80} onChange={({ target }) => setName(target.value)} />
      </label>
      {role !== "viewer" && (
        <label className="tick">
          <input type="checkbox" checked={shared} onChange={({ target }) => setShared(target.checked)} />
          {t("views.share")}
        </label>
      )}
      {keep.error && <Callout is="bad">{problemOf(keep.error)}</Callout>}
      <button type="submit" className="btn" disabled={name.trim() === "" || keep.isPending}>
        {keep.isPending ? t("working") : t("views.keep")}
      </button>
    </form>
  );
}

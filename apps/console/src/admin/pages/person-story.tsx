import { useMutation, useQuery } from "@tanstack/react-query";
import { answerOf, type BodyOf } from "@upline/hub/client";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import "../../design/choices.css";
import { Field } from "../../design/filters.tsx";
import { Moment } from "../../design/moment.tsx";
import { More } from "../../design/more.tsx";
import { Bone, Callout, Timeline } from "../../design/parts.tsx";
import { usePlace } from "../../shared/company.tsx";
import { hub, queries } from "../../shared/hub.ts";
import { briefly, dayOf } from "../../shared/moments.ts";
import { useList } from "../../shared/pages.ts";
import { problemOf } from "../../shared/problem.ts";

/** Who of the company did something, by the actor that the hub names. */
export function useActorNames(): (actor: string) => string {
  const { data } = useQuery({
    queryKey: ["people", "names"],
    queryFn: () => answerOf(hub.people.$get({ query: { limit: "500" } })),
    staleTime: 60_000,
  });
  const names = new Map(data?.items.map(({ person_id, name }) => [`person:${person_id}`, name]));
  return (actor) => names.get(actor) ?? actor;
}

export function useSponsors(id: string) {
  return useQuery({
    queryKey: ["sponsors", id],
    queryFn: () => answerOf(hub.distributors[":distributor_id"].sponsors.$get({ param: { distributor_id: id } })),
  });
}

/** Under whom somebody stood, who moved them and why. */
export function WhereTheyStood({ id }: { id: string }) {
  const { t } = useTranslation();
  const place = usePlace();
  const nameOf = useActorNames();
  const { data, error } = useSponsors(id);
  if (error) return <Callout is="bad">{problemOf(error)}</Callout>;
  if (data === undefined) return <Bone width={200} />;
  const last = data.items.length - 1;
  return (
    <Timeline
      events={data.items.map((one, index) => ({
        key: `${one.since} ${index}`,
        shape: index === 0 ? "good" : "open",
        when:
          one.until === null
            ? t("person.sinceDay", { since: dayOf(one.since, place) })
            : t("person.from", { since: dayOf(one.since, place), until: dayOf(one.until, place) }),
        what: [
          t("person.under", { name: one.sponsor?.name ?? one.sponsor?.distributor_id ?? t("person.company") }),
          index === last
            ? ""
            : one.moved_by === null
              ? t("person.imported")
              : one.reason === null
                ? t("person.movedBy", { who: nameOf(one.moved_by) })
                : t("person.moved", { who: nameOf(one.moved_by), reason: one.reason }),
        ]
          .filter(Boolean)
          .join("; "),
      }))}
    />
  );
}

const notesOf = hub.distributors[":distributor_id"].notes;
type Note = BodyOf<Awaited<ReturnType<typeof notesOf.$get>>>["items"][number];

export function useNotes(id: string, isAsked = true) {
  const param = { distributor_id: id };
  return useList<Note>(
    ["notes", id],
    (before) => answerOf(notesOf.$get({ param, query: { limit: "20", ...(before !== undefined && { before }) } })),
    isAsked,
  );
}

/** What colleagues wrote down about somebody, and a field for the next. */
export function Notes({ id }: { id: string }) {
  const { t } = useTranslation();
  const [changing, setChanging] = useState<string | null>(null);
  const source = useNotes(id);
  return (
    <section aria-label={t("notes.title")}>
      <WriteNote id={id} note={null} onDone={() => {}} />
      {source.error !== null && source.error !== undefined && <Callout is="bad">{problemOf(source.error)}</Callout>}
      {source.rows === undefined && !source.error && <Bone width={200} />}
      {source.rows?.length === 0 && <p className="sub">{t("notes.none")}</p>}
      <ul className="notes">
        {source.rows?.map((note) => (
          <li key={note.note_id}>
            {changing === note.note_id ? (
              <WriteNote id={id} note={note} onDone={() => setChanging(null)} />
            ) : (
              <Written note={note} onChange={() => setChanging(note.note_id)} />
            )}
          </li>
        ))}
      </ul>
      <More source={source} />
    </section>
  );
}

function Written({ note, onChange }: { note: Note; onChange: () => void }) {
  const { t } = useTranslation();
  const place = usePlace();
  const nameOf = useActorNames();
  return (
    <>
      <p className="note-text">{note.body}</p>
      <p className="note spread">
        <span>
          {nameOf(note.written_by)}, <Moment at={note.written_at} />
          {note.changed_at !== null && `, ${t("notes.changed", { when: briefly(note.changed_at, place) })}`}
        </span>
        {note.is_own && (
          <button type="button" className="btn quiet small" onClick={onChange}>
            {t("notes.change")}
          </button>
        )}
      </p>
    </>
  );
}

function WriteNote({ id, note, onDone }: { id: string; note: Note | null; onDone: () => void }) {
  const { t } = useTranslation();
  const [body, setBody] = useState(note?.body ?? "");
  const param = { distributor_id: id };
  const write = useMutation({
    mutationFn: () =>
      note === null
        ? answerOf(notesOf.$post({ param, json: { body } }))
        : answerOf(notesOf[":note_id"].$put({ param: { ...param, note_id: note.note_id }, json: { body } })),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["notes", id] });
      setBody("");
      onDone();
    },
  });
  return (
    <form
      className="stack"
      style={{ paddingBottom: 12 }}
      onSubmit={(event) => {
        event.preventDefault();
        if (!write.isPending && body.trim() !== "") write.mutate();
      }}
    >
      <Field name={note === null ? t("notes.add") : t("notes.text")} {...(note === null && { help: t("notes.about") })}>
        <textarea className="input" maxLength={4000} value={body} onChange={({ target }) => setBody(target.value)} />
      </Field>
      {write.error && <Callout is="bad">{problemOf(write.error)}</Callout>}
      <div className="row">
        <button type="submit" className="btn small" disabled={write.isPending || body.trim() === ""}>
          {t("notes.save")}
        </button>
        {note !== null && (
          <button type="button" className="btn quiet small" onClick={onDone}>
            {t("cancel")}
          </button>
        )}
      </div>
    </form>
  );
}

import { useMutation } from "@tanstack/react-query";
import { answerOf } from "@upline/hub/client";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "../../design/dialog.tsx";
import { Field } from "../../design/filters.tsx";
import { hub, queries } from "../../shared/hub.ts";

interface EnrolProps {
  /** Whoever is chosen in the tree is the likely sponsor. */
  readonly sponsor: string | undefined;
  onDone(id: string): void;
  onClose(): void;
}

/** Enrols one person. What is typed of them to recognise their own purchases is kept as hashes only. */
export function Enrol({ sponsor, onDone, onClose }: EnrolProps) {
  const { t } = useTranslation();
  const [person, setPerson] = useState({ id: "", name: "", sponsor: sponsor ?? "", country: "", code: "", email: "" });
  const enrol = useMutation({
    mutationFn: () =>
      answerOf(
        hub.distributors.$post({
          json: {
            distributor_id: person.id,
            sponsor_id: person.sponsor.trim() === "" ? null : person.sponsor.trim(),
            ...(person.name !== "" && { name: person.name }),
            ...(person.country !== "" && { country: person.country.toUpperCase() }),
            ...(person.code !== "" && { codes: [person.code] }),
            ...(person.email !== "" && { email: person.email }),
          },
        }),
      ),
    onSuccess: ({ distributor_id }) => {
      for (const name of ["distributors", "frontline", "levels"]) void queries.invalidateQueries({ queryKey: [name] });
      onDone(distributor_id);
    },
  });
  const text = (of: keyof typeof person, label: string, help?: string) => (
    <Field name={label} {...(help !== undefined && { help })}>
      <input className="input" value={person[of]} onChange={({ target }) => setPerson({ ...person, [of]: target.value })} />
    </Field>
  );
  return (
    <Dialog
      title={t("enrol.title")}
      about={t("enrol.about")}
      act={t("enrol.act", { name: person.name || person.id || "…" })}
      isReady={person.id.trim() !== ""}
      isBusy={enrol.isPending}
      error={enrol.error}
      onAct={() => enrol.mutate()}
      onClose={onClose}
    >
      {text("id", t("enrol.id"))}
      {text("name", t("people.name"))}
      {text("sponsor", t("person.sponsor"), t("enrol.sponsorHelp"))}
      {text("country", t("network.country"), t("enrol.countryHelp"))}
      {text("code", t("enrol.code"), t("enrol.codeHelp"))}
      {text("email", t("signIn.email"), t("enrol.emailHelp"))}
    </Dialog>
  );
}

import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Field } from "../design/filters.tsx";
import { Callout } from "../design/parts.tsx";
import { acceptInvitation, lookAtInvitation, setPassword } from "../shared/auth.ts";
import { problemOf } from "../shared/problem.ts";
import { PlainForm } from "./sign-in.tsx";

/** What stands behind the # of a mailed link never reaches a server's log. */
const tokenOf = (location: Location) => location.hash.slice(1);

/** Where an invitation, or a distributor's claim, leads: who is new gives a name and a password. */
export function Invitation() {
  const { t } = useTranslation();
  const token = tokenOf(window.location);
  const [name, setName] = useState("");
  const [password, setNew] = useState("");
  const { data: invited, error } = useQuery({
    queryKey: ["invitation", token],
    queryFn: () => lookAtInvitation(token),
    retry: false,
  });
  const accept = useMutation({
    mutationFn: () => acceptInvitation({ token, ...(invited?.isNew && { name, password }) }),
    onSuccess: () => window.location.assign(invited?.role === "distributor" ? "/portal" : "/console"),
  });
  if (error) return <Broken problem={problemOf(error)} />;
  if (invited === undefined) return null;
  return (
    <PlainForm
      title={t("invitation.title", { company: invited.company })}
      about={t("invitation.about", {
        role: t(`role.${invited.role}` as "role.owner", { defaultValue: invited.role }),
        email: invited.email,
      })}
      act={t("invitation.act", { company: invited.company })}
      error={accept.error}
      isBusy={accept.isPending}
      onAct={() => accept.mutate()}
    >
      {invited.isNew && (
        <>
          <Field name={t("invitation.name")}>
            <input className="input" autoComplete="name" required value={name} onChange={({ target }) => setName(target.value)} />
          </Field>
          <NewPassword value={password} onChange={setNew} />
        </>
      )}
    </PlainForm>
  );
}

/** Where a link to a new password leads. */
export function ForgottenPassword() {
  const { t } = useTranslation();
  const [password, setNew] = useState("");
  const change = useMutation({
    mutationFn: () => setPassword(tokenOf(window.location), password),
    onSuccess: () => window.location.assign("/console"),
  });
  return (
    <PlainForm
      title={t("password.title")}
      act={t("password.act")}
      error={change.error}
      isBusy={change.isPending}
      onAct={() => change.mutate()}
    >
      <NewPassword value={password} onChange={setNew} />
    </PlainForm>
  );
}

function NewPassword({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { t } = useTranslation();
  return (
    <Field name={t("signIn.password")} help={t("password.help")}>
      <input
        className="input"
        type="password"
        autoComplete="new-password"
        minLength={12}
        maxLength={128}
        required
        value={value}
        onChange={({ target }) => onChange(target.value)}
      />
    </Field>
  );
}

function Broken({ problem }: { problem: string }) {
  const { t } = useTranslation();
  return (
    <main className="sign-in stack">
      <h1>{t("invitation.broken")}</h1>
      <Callout is="bad">{problem}</Callout>
      <a href="/console">{t("signIn.title")}</a>
    </main>
  );
}

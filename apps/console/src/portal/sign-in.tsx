import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { PlainForm, SignIn } from "../admin/sign-in.tsx";
import { Field } from "../design/filters.tsx";
import { Callout } from "../design/parts.tsx";
import { claimAccount } from "../shared/auth.ts";

/** Signing in, and for whoever has no account yet the way to it. */
export function PortalSignIn({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation("portal");
  const [isClaiming, setClaiming] = useState(window.location.hash.startsWith("#claim"));
  if (isClaiming) return <Claim onBack={() => setClaiming(false)} />;
  return (
    <>
      <SignIn onDone={onDone} />
      <p className="below-form">
        <button type="button" className="btn quiet" onClick={() => setClaiming(true)}>
          {t("claim.way")}
        </button>
      </p>
    </>
  );
}

/** A distributor opens their account: by the address that the company has of them, or by a one-time code. */
function Claim({ onBack }: { onBack: () => void }) {
  const { t } = useTranslation("portal");
  const known = new URLSearchParams(window.location.search).get("company") ?? "";
  const [company, setCompany] = useState(known);
  const [email, setEmail] = useState("");
  const [code, setCode] = useState("");
  const ask = useMutation({
    mutationFn: () => claimAccount({ company: company.trim(), email: email.trim(), ...(code.trim() && { code: code.trim() }) }),
  });
  return (
    <PlainForm
      title={t("claim.title")}
      about={t("claim.about")}
      act={t("claim.act")}
      error={ask.error}
      isBusy={ask.isPending}
      onAct={() => ask.mutate()}
      besides={
        <button type="button" className="btn quiet" onClick={onBack}>
          {t("claim.back")}
        </button>
      }
    >
      <Field name={t("claim.company")} help={t("claim.companyHelp")}>
        <input className="input" required value={company} onChange={({ target }) => setCompany(target.value)} />
      </Field>
      <Field name={t("claim.email")} help={t("claim.emailHelp")}>
        <input
          className="input"
          type="email"
          autoComplete="email"
          required
          value={email}
          onChange={({ target }) => setEmail(target.value)}
        />
      </Field>
      <Field name={t("claim.code")} help={t("claim.codeHelp")}>
        <input className="input" autoComplete="off" value={code} onChange={({ target }) => setCode(target.value)} />
      </Field>
      {ask.isSuccess && <Callout is="good">{t("claim.sent")}</Callout>}
    </PlainForm>
  );
}

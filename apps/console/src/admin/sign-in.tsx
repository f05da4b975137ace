import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Field } from "../design/filters.tsx";
import { Callout } from "../design/parts.tsx";
import {
  askForLink,
  askForPassword,
  knowsPasskeys,
  signInWithCode,
  signInWithPasskey,
  signInWithPassword,
} from "../shared/auth.ts";
import { problemOf } from "../shared/problem.ts";

/** A form of few fields and one button; what was typed stays when it is refused. */
export function PlainForm(props: {
  /** Other ways, below the button. */
  besides?: ReactNode;
  title: string;
  act: string;
  about?: ReactNode;
  error: unknown;
  isBusy: boolean;
  onAct: () => void;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <main className="sign-in">
      <h1>{props.title}</h1>
      {props.about && <p className="sub">{props.about}</p>}
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (!props.isBusy) props.onAct();
        }}
      >
        {props.children}
        {props.error !== null && props.error !== undefined && <Callout is="bad">{problemOf(props.error)}</Callout>}
        <button type="submit" className="btn primary wide" disabled={props.isBusy}>
          {props.isBusy ? t("working") : props.act}
        </button>
        {props.besides}
      </form>
    </main>
  );
}

/** By password and, where it is asked for, a code; by a passkey; or by a link that is sent. */
export function SignIn({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [needsCode, setNeedsCode] = useState(false);
  const [sent, setSent] = useState<"link" | "password" | null>(null);
  const enter = useMutation({
    mutationFn: () => signInWithPassword(email, password),
    onSuccess: (answer) => (answer.needsCode ? setNeedsCode(true) : onDone()),
  });
  const passkey = useMutation({ mutationFn: signInWithPasskey, onSuccess: onDone });
  const mail = useMutation({
    mutationFn: (what: "link" | "password") => (what === "link" ? askForLink(email) : askForPassword(email)),
    onSuccess: (_answer, what) => setSent(what),
  });
  if (needsCode) return <Code onDone={onDone} />;
  return (
    <PlainForm
      title={t("signIn.title")}
      act={t("signIn.act")}
      error={enter.error ?? passkey.error ?? mail.error}
      isBusy={enter.isPending}
      onAct={() => enter.mutate()}
      besides={
        <div className="row" style={{ flexWrap: "wrap" }}>
          {knowsPasskeys() && (
            <button type="button" className="btn" disabled={passkey.isPending} onClick={() => passkey.mutate()}>
              {t("signIn.passkey")}
            </button>
          )}
          <button
            type="button"
            className="btn quiet"
            disabled={email === "" || mail.isPending}
            onClick={() => mail.mutate("link")}
          >
            {t("signIn.link")}
          </button>
          <button
            type="button"
            className="btn quiet"
            disabled={email === "" || mail.isPending}
            onClick={() => mail.mutate("password")}
          >
            {t("signIn.forgotten")}
          </button>
        </div>
      }
    >
      <Field name={t("signIn.email")}>
        <input
          className="input"
          type="email"
          autoComplete="username"
          required
          value={email}
          onChange={({ target }) => setEmail(target.value)}
        />
      </Field>
      <Field name={t("signIn.password")}>
        <input
          className="input"
          type="password"
          autoComplete="current-password"
          value={password}
          onChange={({ target }) => setPassword(target.value)}
        />
      </Field>
      {sent !== null && <Callout is="good">{t(sent === "link" ? "signIn.linkSent" : "signIn.passwordSent")}</Callout>}
    </PlainForm>
  );
}

function Code({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const [code, setCode] = useState("");
  const enter = useMutation({ mutationFn: () => signInWithCode(code.trim()), onSuccess: onDone });
  return (
    <PlainForm
      title={t("signIn.codeTitle")}
      act={t("signIn.act")}
      error={enter.error}
      isBusy={enter.isPending}
      onAct={() => enter.mutate()}
    >
      <Field name={t("signIn.code")} help={t("signIn.codeHelp")}>
        <input
          className="input"
          inputMode="numeric"
          autoComplete="one-time-code"
          value={code}
          onChange={({ target }) => setCode(target.value)}
        />
      </Field>
    </PlainForm>
  );
}

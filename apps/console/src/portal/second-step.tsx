import { useMutation, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { Field } from "../design/filters.tsx";
import { Callout } from "../design/parts.tsx";
import { problemOf } from "../shared/problem.ts";
import { beginSecondStep, endSecondStep, finishSecondStep } from "./security.ts";

const QrCode = lazy(() => import("./qr-code.tsx"));

/** Codes by the clock: turned on with the password and a first code, turned off with the password. */
export function SecondStep({ isOn }: { isOn: boolean }) {
  const { t } = useTranslation("portal");
  const client = useQueryClient();
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const known = () => {
    setPassword("");
    setCode("");
    void client.invalidateQueries({ queryKey: ["me"] });
  };
  const begin = useMutation({ mutationFn: () => beginSecondStep(password) });
  const finish = useMutation({ mutationFn: () => finishSecondStep(code.trim()), onSuccess: known });
  const end = useMutation({ mutationFn: () => endSecondStep(password), onSuccess: known });
  const error = begin.error ?? finish.error ?? end.error;
  const shown = !isOn && begin.data;
  return (
    <form
      className="stack"
      style={{ paddingTop: 12 }}
      onSubmit={(event) => {
        event.preventDefault();
        if (isOn) end.mutate();
        else if (begin.data) finish.mutate();
        else begin.mutate();
      }}
    >
      <p className="sub">{t(isOn ? "me.codeOn" : "me.codeOff")}</p>
      {shown && (
        <>
          <p>{t("me.codeScan")}</p>
          <Suspense>
            <QrCode text={shown.uri} label={t("me.codeQr")} />
          </Suspense>
          <p className="note" style={{ overflowWrap: "anywhere" }}>
            {new URL(shown.uri).searchParams.get("secret")}
          </p>
          <p>{t("me.spare")}</p>
          <p className="mono">{shown.spare.join("  ")}</p>
          <Field name={t("me.code")}>
            <input
              className="input"
              inputMode="numeric"
              autoComplete="one-time-code"
              required
              value={code}
              onChange={({ target }) => setCode(target.value)}
            />
          </Field>
        </>
      )}
      {!shown && (
        <Field name={t("me.old")}>
          <input
            className="input"
            type="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={({ target }) => setPassword(target.value)}
          />
        </Field>
      )}
      {error && <Callout is="bad">{problemOf(error)}</Callout>}
      <button type="submit" className="btn slim" disabled={begin.isPending || finish.isPending || end.isPending}>
        {t(isOn ? "me.codeEnd" : shown ? "me.codeFinish" : "me.codeBegin")}
      </button>
    </form>
  );
}

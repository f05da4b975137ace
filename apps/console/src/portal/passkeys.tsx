import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Field } from "../design/filters.tsx";
import { Callout } from "../design/parts.tsx";
import { knowsPasskeys } from "../shared/auth.ts";
import { usePlace } from "../shared/company.tsx";
import { briefly } from "../shared/moments.ts";
import { problemOf } from "../shared/problem.ts";
import { addPasskey, deletePasskey, listPasskeys } from "./security.ts";

/** Keys of this and other devices: to sign in with a finger, a face or a PIN. */
export function Passkeys() {
  const { t } = useTranslation("portal");
  const place = usePlace();
  const client = useQueryClient();
  const [name, setName] = useState("");
  const { data } = useQuery({ queryKey: ["passkeys"], queryFn: listPasskeys });
  const done = () => {
    setName("");
    void client.invalidateQueries({ queryKey: ["passkeys"] });
  };
  const add = useMutation({ mutationFn: () => addPasskey(name.trim()), onSuccess: done });
  const drop = useMutation({ mutationFn: deletePasskey, onSuccess: done });
  return (
    <>
      {data?.length === 0 && <p className="sub">{t("me.noPasskey")}</p>}
      {(data?.length ?? 0) > 0 && (
        <ul className="rows" style={{ marginTop: 8 }}>
          {data?.map((each) => (
            <li key={each.id}>
              <span>
                {each.name ?? t("me.passkey")}
                {each.createdAt !== null && <span className="second">{briefly(each.createdAt, place)}</span>}
              </span>
              <button type="button" className="btn slim" disabled={drop.isPending} onClick={() => drop.mutate(each.id)}>
                {t("me.drop")}
              </button>
            </li>
          ))}
        </ul>
      )}
      {knowsPasskeys() && (
        <form
          className="stack"
          style={{ paddingTop: 12 }}
          onSubmit={(event) => {
            event.preventDefault();
            add.mutate();
          }}
        >
          <Field name={t("me.passkeyName")}>
            <input className="input" required maxLength={60} value={name} onChange={({ target }) => setName(target.value)} />
          </Field>
          <button type="submit" className="btn slim" disabled={add.isPending}>
            {t("me.addPasskey")}
          </button>
        </form>
      )}
      {(add.error ?? drop.error) && <Callout is="bad">{problemOf(add.error ?? drop.error)}</Callout>}
    </>
  );
}

import { useMutation } from "@tanstack/react-query";
import { answerOf } from "@upline/hub/client";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "../../design/dialog.tsx";
import { Field } from "../../design/filters.tsx";
import { hub, queries } from "../../shared/hub.ts";
import { useStores } from "../waiting.ts";

/** Gives a code one more name, with a place in a shop and, if wanted, an end. */
export function MakeLink({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const stores = useStores() ?? [];
  const [link, setLink] = useState({ name: "", code: "", path: "/", store: "", campaign: "", until: "" });
  const set = (change: Partial<typeof link>) => setLink({ ...link, ...change });
  const make = useMutation({
    mutationFn: () =>
      answerOf(
        hub.referrals.links.$post({
          json: {
            name: link.name,
            code: link.code,
            path: link.path,
            ...(link.store !== "" && { store_id: link.store }),
            ...(link.campaign !== "" && { tags: { utm_campaign: link.campaign } }),
            ...(link.until !== "" && { expires_at: link.until }),
          },
        }),
      ),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ["referrals"] });
      onClose();
    },
  });
  const text = (of: "name" | "code" | "path" | "campaign", label: string, help?: string) => (
    <Field name={label} {...(help !== undefined && { help })}>
      <input className="input" value={link[of]} onChange={({ target }) => set({ [of]: target.value })} />
    </Field>
  );
  return (
    <Dialog
      title={t("referrals.makeTitle")}
      about={t("referrals.makeAbout")}
      act={t("referrals.makeAct")}
      isReady={link.name.trim() !== "" && link.code.trim() !== ""}
      isBusy={make.isPending}
      error={make.error}
      onAct={() => make.mutate()}
      onClose={onClose}
    >
      {text("name", t("referrals.name"), t("referrals.nameHelp"))}
      {text("code", t("referrals.code"))}
      <Field name={t("store")}>
        <select className="input select" value={link.store} onChange={({ target }) => set({ store: target.value })}>
          <option value="">{t("referrals.firstStore")}</option>
          {stores.map(({ store_id, name }) => (
            <option key={store_id} value={store_id}>
              {name}
            </option>
          ))}
        </select>
      </Field>
      {text("path", t("referrals.path"), t("referrals.pathHelp"))}
      {text("campaign", t("referrals.campaign"))}
      <Field name={t("referrals.end")}>
        <input className="input" type="date" value={link.until} onChange={({ target }) => set({ until: target.value })} />
      </Field>
    </Dialog>
  );
}

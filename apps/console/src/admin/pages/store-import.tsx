import { useMutation } from "@tanstack/react-query";
import { answerOf } from "@upline/hub/client";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "../../design/dialog.tsx";
import { Field } from "../../design/filters.tsx";
import { useCompany } from "../../shared/company.tsx";
import { hub, queries } from "../../shared/hub.ts";
import { beginningOf } from "../../shared/moments.ts";

/** Brings in what a shop sold before it was connected, from a day on or all of it. */
export function StoreImport({ storeId, name, onClose }: { storeId: string; name: string; onClose: () => void }) {
  const { t } = useTranslation();
  const { zone } = useCompany();
  const [day, setDay] = useState("");
  const bring = useMutation({
    mutationFn: () => {
      const json = day === "" ? {} : { since: beginningOf(day, zone) };
      return answerOf(hub.stores[":store_id"].import.$post({ param: { store_id: storeId }, json }));
    },
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ["stores"] });
      onClose();
    },
  });
  return (
    <Dialog
      title={t("stores.import.title", { name })}
      about={t("stores.import.about")}
      act={day === "" ? t("stores.import.actAll") : t("stores.import.act")}
      isReady
      isBusy={bring.isPending}
      error={bring.error}
      onAct={() => bring.mutate()}
      onClose={onClose}
    >
      <Field name={t("stores.import.since")} help={t("stores.import.sinceHelp")}>
        <input className="input" type="date" value={day} onChange={({ target }) => setDay(target.value)} />
      </Field>
    </Dialog>
  );
}

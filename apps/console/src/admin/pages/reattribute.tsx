import { useMutation } from "@tanstack/react-query";
import { answerOf } from "@upline/hub/client";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "../../design/dialog.tsx";
import { Field } from "../../design/filters.tsx";
import { hub, queries } from "../../shared/hub.ts";
import type { OrderDetail } from "./order-query.ts";

/** Gives an order to somebody else, or to nobody: what the old upline earned is taken back and the new one paid. */
export default function Reattribute({ order, onClose }: { order: OrderDetail; onClose: () => void }) {
  const { t } = useTranslation();
  const [distributor, setDistributor] = useState("");
  const [reason, setReason] = useState("");
  const move = useMutation({
    mutationFn: () =>
      answerOf(
        hub.orders[":order_id"].attribution.$post({
          param: { order_id: order.order_id },
          json: { distributor_id: distributor.trim() === "" ? null : distributor.trim(), reason: reason.trim() },
        }),
      ),
    onSuccess: async () => {
      await queries.invalidateQueries();
      onClose();
    },
  });
  return (
    <Dialog
      title={t("reattribute.title", { name: order.order_name })}
      about={t("reattribute.about", { count: order.commissions.length })}
      act={distributor.trim() === "" ? t("reattribute.toNobody") : t("reattribute.to", { distributor: distributor.trim() })}
      isReady={reason.trim().length >= 3}
      isBusy={move.isPending}
      error={move.error}
      onAct={() => move.mutate()}
      onClose={onClose}
    >
      <Field name={t("distributor")} help={t("reattribute.distributorHelp")}>
        <input className="input" value={distributor} onChange={({ target }) => setDistributor(target.value)} data-autofocus />
      </Field>
      <Field name={t("reason")} help={t("reattribute.reasonHelp")}>
        <textarea className="input" value={reason} maxLength={500} onChange={({ target }) => setReason(target.value)} />
      </Field>
    </Dialog>
  );
}

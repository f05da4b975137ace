import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { answerOf } from "@upline/hub/client";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "../../design/dialog.tsx";
import { Field } from "../../design/filters.tsx";
import { Callout } from "../../design/parts.tsx";
import { hub, queries } from "../../shared/hub.ts";
import { problemOf } from "../../shared/problem.ts";
import type { OrderDetail } from "./order-query.ts";
import { PayPreview } from "./pay-preview.tsx";
import { type FoundPerson, PersonFinder } from "./person-finder.tsx";

/** Gives an order to somebody else, or to nobody; who would lose and who would get what stands there before it is done. */
export default function Reattribute({ order, onClose }: { order: OrderDetail; onClose: () => void }) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<FoundPerson | null>(null);
  const [isNobody, setNobody] = useState(false);
  const [reason, setReason] = useState("");
  const to = isNobody ? null : (chosen?.id ?? null);
  const isChosen = isNobody || chosen !== null;
  const param = { order_id: order.order_id };
  const looked = useQuery({
    queryKey: ["reattribute", order.order_id, to],
    enabled: isChosen,
    placeholderData: keepPreviousData,
    queryFn: () => answerOf(hub.orders[":order_id"].attribution.preview.$post({ param, json: { distributor_id: to } })),
  });
  const isCurrent = isChosen && looked.data !== undefined && !looked.isPlaceholderData;
  const move = useMutation({
    mutationFn: () =>
      answerOf(
        hub.orders[":order_id"].attribution.$post({
          param,
          json: { distributor_id: to, reason: reason.trim() },
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
      act={isNobody || chosen === null ? t("reattribute.toNobody") : t("reattribute.to", { distributor: chosen.name })}
      isReady={isCurrent && reason.trim().length >= 3}
      isBusy={move.isPending}
      error={move.error}
      onAct={() => move.mutate()}
      onClose={onClose}
    >
      <PersonFinder
        label={t("distributor")}
        value={chosen?.name ?? ""}
        onChoose={setChosen}
        onType={(id) => setChosen(id === "" ? null : { id, name: id })}
        disabled={isNobody}
        autoFocus
      />
      <label className="row">
        <input type="checkbox" checked={isNobody} onChange={({ target }) => setNobody(target.checked)} />
        {t("reattribute.nobody")}
      </label>
      {looked.error && isChosen && <Callout is="bad">{problemOf(looked.error)}</Callout>}
      {isChosen && !looked.error && (
        <section aria-label={t("pay.title")}>
          <b>{t("pay.title")}</b>
          {looked.data?.orders === 0 ? <p className="sub">{t("reattribute.same")}</p> : <PayPreview pay={looked.data} />}
        </section>
      )}
      <Field name={t("reason")} help={t("reattribute.reasonHelp")}>
        <textarea className="input" value={reason} maxLength={500} onChange={({ target }) => setReason(target.value)} />
      </Field>
    </Dialog>
  );
}

import { useTranslation } from "react-i18next";
import { Status } from "../../design/shapes.tsx";
import { isZero } from "../../shared/money.ts";

/** Whether an order's commissions count, in a word with its shape. */
export function OrderState({
  order,
  tag = false,
}: {
  order: { stage: string; refunded_net: string; net: string };
  tag?: boolean;
}) {
  const { t } = useTranslation();
  const { stage, refunded_net: refunded, net } = order;
  if (stage === "pending") return <Status is="open" tag={tag} children={t("stage.pending")} />;
  if (stage === "void") return <Status is="bad" tag={tag} children={t("stage.void")} />;
  if (isZero(refunded)) return <Status is="good" tag={tag} children={t("stage.earned")} />;
  return <Status is="wait" tag={tag} children={refunded === net ? t("stage.refunded") : t("stage.partlyRefunded")} />;
}

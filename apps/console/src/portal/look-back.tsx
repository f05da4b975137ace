import { useQuery } from "@tanstack/react-query";
import { answerOf } from "@upline/hub/client";
import { useTranslation } from "react-i18next";
import { useCompany, usePlace } from "../shared/company.tsx";
import { hub } from "../shared/hub.ts";
import { spanName } from "./spans.ts";

/** The present period and the closed ones since one joined, the present one first. */
function useSpans() {
  const { slug } = useCompany();
  return useQuery({ queryKey: ["spans", slug], queryFn: () => answerOf(hub.portal.spans.$get()), staleTime: 60_000 }).data?.items;
}

/** Which period a page is about; the present one stands in no address. */
export function SpanChoice({ span, onChoose }: { span: string | undefined; onChoose(span: string | undefined): void }) {
  const { t } = useTranslation("portal");
  const place = usePlace();
  const spans = useSpans() ?? [];
  if (spans.length === 0) return null;
  return (
    <select
      className="input select span-choice"
      aria-label={t("earnings.span")}
      value={span ?? spans[0]?.name}
      onChange={({ target }) => onChoose(target.value === spans[0]?.name ? undefined : target.value)}
    >
      {spans.map((each) => (
        <option key={each.name} value={each.name}>
          {spanName(each, place, true)}
        </option>
      ))}
    </select>
  );
}

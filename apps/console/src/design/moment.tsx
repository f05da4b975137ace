import { useCompany, usePlace } from "../shared/company.tsx";
import { agoOf, briefly, dayOf, momentOf, utcOf } from "../shared/moments.ts";

/** A moment in the company's zone; resting on it says UTC. */
export function Moment({ at, as = "brief" }: { at: string; as?: "brief" | "day" | "whole" | "ago" }) {
  const place = usePlace();
  const { zone } = useCompany();
  const text =
    as === "brief"
      ? briefly(at, place)
      : as === "day"
        ? dayOf(at, place)
        : as === "ago"
          ? agoOf(at, place.language)
          : momentOf(at, place);
  return (
    <time dateTime={at} title={`${momentOf(at, place)} ${zone} · ${utcOf(at)}`} className="nowrap">
      {text}
    </time>
  );
}

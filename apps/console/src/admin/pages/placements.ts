import { useQuery } from "@tanstack/react-query";
import { answerOf, type BodyOf } from "@upline/hub/client";
import { useTranslation } from "react-i18next";
import { useCompany } from "../../shared/company.tsx";
import { hub } from "../../shared/hub.ts";
import { asOfDay } from "../../shared/moments.ts";

/** A placement tree's shape, and how many wait for a place in it. */
export type PlacementShape = BodyOf<Awaited<ReturnType<typeof hub.placements.trees.$get>>>["items"][number];

/** What is known of places is old after somebody was placed. */
export const PLACE_KEYS = [
  "placement-trees",
  "placed",
  "placement-path",
  "waiting-places",
  "place-preview",
  "place-move",
] as const;

/** Undefined until they are known; none where they could not be read. */
export function usePlacementTrees(): readonly PlacementShape[] | undefined {
  const { data, isPending } = useQuery({
    queryKey: ["placement-trees"],
    queryFn: () => answerOf(hub.placements.trees.$get()),
    staleTime: 60_000,
  });
  return isPending ? undefined : (data?.items ?? []);
}

/** Where somebody stands in a tree as of a day, and who stands on each leg. */
export function usePlacementPath({ tree, id, at }: { tree: string; id: string | undefined; at: string | undefined }) {
  const asOf = asOfDay(at, useCompany().zone);
  return useQuery({
    queryKey: ["placement-path", tree, id, at],
    enabled: id !== undefined,
    queryFn: () => answerOf(hub.placements.path.$get({ query: { tree, distributor_id: id ?? "", ...asOf } })),
  });
}

/** Two legs are the left and the right one; of more each has its number. */
export function useLegName({ width }: { width: number }): (leg: number) => string {
  const { t } = useTranslation();
  return (leg) => (width === 2 ? t(leg === 0 ? "placement.left" : "placement.right") : t("placement.leg", { leg: leg + 1 }));
}

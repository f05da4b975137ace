import { useQuery } from "@tanstack/react-query";
import { answerOf } from "@upline/hub/client";
import { useCompany } from "../shared/company.tsx";
import { hub } from "../shared/hub.ts";

/** Who is signed in as a distributor; undefined until it is known. */
export function useMe() {
  const { slug } = useCompany();
  return useQuery({ queryKey: ["portal", slug], queryFn: () => answerOf(hub.portal.$get()), staleTime: 60_000 }).data;
}

/** What was earned, the link, and what the team did: the sums of the first page. */
export function useHome() {
  const { slug } = useCompany();
  return useQuery({ queryKey: ["home", slug], queryFn: () => answerOf(hub.portal.home.$get()), staleTime: 30_000 });
}
export type Home = NonNullable<ReturnType<typeof useHome>["data"]>;

/** How the present period stands, or a closed one stood, by the close's own engine: it takes longer than the rest of a page, which does not wait for it. */
export function useStanding(span?: string) {
  const { slug } = useCompany();
  return useQuery({
    queryKey: ["standing", slug, span],
    queryFn: () => answerOf(hub.portal.standing.$get({ query: { ...(span && { span }) } })),
    staleTime: 30_000,
  });
}
export type Standing = NonNullable<ReturnType<typeof useStanding>["data"]>;

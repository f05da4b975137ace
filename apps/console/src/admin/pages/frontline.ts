import { useInfiniteQuery } from "@tanstack/react-query";
import { answerOf, type BodyOf } from "@upline/hub/client";
import { useCompany } from "../../shared/company.tsx";
import { hub } from "../../shared/hub.ts";
import { asOfDay } from "../../shared/moments.ts";
import { differenceOf } from "../../shared/money.ts";

type Answer = BodyOf<Awaited<ReturnType<typeof hub.frontline.$get>>>;
/** Somebody with what they have in the period, alone and together with all below. */
export type Grouped = Answer["items"][number];
export type Rest = Answer["rest"];

/** So many of a frontline are shown at first, and so many more at each asking. */
const FIRST = 5;
const MORE = 20;
/** Under the company stand few. */
const OF_COMPANY = 20;

/** Whom somebody sponsors as of a day, the largest group first; without anybody, who stands directly under the company. */
export function useFrontline({ id, at, isOpen = true }: { id: string | undefined; at: string | undefined; isOpen?: boolean }) {
  const asOf = asOfDay(at, useCompany().zone);
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: ["frontline", id, at],
    enabled: isOpen,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      answerOf(
        hub.frontline.$get({
          query: {
            ...asOf,
            ...(id !== undefined && { distributor_id: id }),
            ...(pageParam !== undefined && { before: pageParam }),
            limit: String(pageParam !== undefined ? MORE : id === undefined ? OF_COMPANY : FIRST),
          },
        }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const pages = data?.pages ?? [];
  return {
    error,
    distributor: pages[0]?.distributor ?? null,
    period: pages[0]?.period ?? null,
    whole: pages[0]?.whole,
    toward: pages[0]?.toward ?? null,
    rows: data === undefined ? undefined : pages.flatMap(({ items }) => items),
    rest: pages.at(-1)?.rest,
    hasMore: hasNextPage,
    isFetchingMore: isFetchingNextPage,
    fetchMore: () => void fetchNextPage(),
  };
}

/** What is left of those who are not shown, without one of them who is. */
export function restWithout(rest: Rest, one: Grouped | null): Rest {
  if (one === null) return rest;
  const gv = rest.gv === null || one.gv === null ? rest.gv : differenceOf(rest.gv, one.gv);
  return { distributors: rest.distributors - 1, gv, downline: rest.downline - one.downline };
}

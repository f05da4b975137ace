import { type InfiniteData, type UseInfiniteQueryResult, useInfiniteQuery } from "@tanstack/react-query";
import type { RowSource } from "../design/table.tsx";

interface ListPage<Row> {
  readonly items: readonly Row[];
  readonly next: string | null;
}

/** A list of the hub, page by page behind a cursor. `key` names the list with everything it is filtered by. */
export function useList<Row>(
  key: readonly unknown[],
  read: (before: string | undefined) => Promise<ListPage<Row>>,
  isAsked = true,
): RowSource<Row> {
  const result = useInfiniteQuery({
    queryKey: key.map(withoutLooks),
    enabled: isAsked,
    queryFn: ({ pageParam }) => read(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page: ListPage<Row>) => page.next ?? undefined,
  });
  return sourceOf(result);
}

/** Which columns are looked at makes no other list. */
function withoutLooks(part: unknown): unknown {
  if (typeof part !== "object" || part === null) return part;
  const { hide: _, ...rest } = part as { hide?: string };
  return rest;
}

function sourceOf<Row>(result: UseInfiniteQueryResult<InfiniteData<ListPage<Row>>>): RowSource<Row> {
  return {
    rows: result.data?.pages.flatMap(({ items }) => items),
    error: result.error,
    hasMore: result.hasNextPage,
    isFetchingMore: result.isFetchingNextPage,
    fetchMore: () => void result.fetchNextPage(),
    refetch: () => void result.refetch(),
  };
}

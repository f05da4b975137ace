import { useQuery } from "@tanstack/react-query";
import { answerOf } from "@upline/hub/client";
import { useCompany } from "../shared/company.tsx";
import { hub } from "../shared/hub.ts";
import type { SentReason } from "../shared/reasons.ts";
import { CARE } from "./rights.ts";

/** What waits for a person of the company: for the overview, and as counts beside the ways. */
export interface Waiting {
  readonly all: number;
  readonly skus: number;
  readonly stores: number;
  readonly periods: number;
  readonly enrolments: number;
  /** Whether more products wait than are counted. */
  readonly hasMoreSkus: boolean;
}

/** What was read of a list that may be longer: what lies behind it is neither counted nor summed. */
export interface Counted<Row> {
  readonly items: readonly Row[];
  readonly next: string | null;
}

/** What waits is counted so far; of more than that only that there is more is told. */
const MOST_COUNTED = 100;

const EVERY_MS = 60_000;
const RUN_MS = 5_000;

interface Troubled {
  readonly problems: readonly string[];
  readonly problem_reasons: readonly SentReason[];
}

/** What is the matter with a store besides its dead letters, which are counted and opened by themselves. */
export function otherProblems({ problems, problem_reasons: reasons }: Troubled): readonly { text: string; reason: SentReason }[] {
  return reasons.flatMap((reason, index) => (reason.kind === "dead-letters" ? [] : [{ reason, text: problems[index] ?? "" }]));
}

export function useWaiting(): Waiting | undefined {
  const skus = useQuarantine();
  const stores = useStoreHealth();
  const periods = usePeriods();
  const unresolved = useUnresolved();
  const enrolments = useEnrolments();
  if (skus === undefined || stores === undefined || periods === undefined || unresolved === undefined) return undefined;
  if (enrolments === undefined) return undefined;
  const proposed = periods.filter(({ waits }) => waits).length;
  const troubled = stores.filter(({ problems, dead_letters: dead }) => problems.length > 0 || dead > 0).length;
  // As many as the overview lists: one row for the products, one for the codes, one for the enrolments, one for each trouble of a store.
  const troubles = stores.reduce((sum, store) => sum + otherProblems(store).length + (store.dead_letters > 0 ? 1 : 0), 0);
  const lists = [skus.items.length, unresolved.items.length, enrolments].filter((waiting) => waiting > 0).length;
  return {
    ...{ skus: skus.items.length, hasMoreSkus: skus.next !== null, stores: troubled, periods: proposed, enrolments },
    all: proposed + lists + troubles,
  };
}

/** The hub's own counts, and how fast orders are served. */
export function useOverview() {
  const { data } = useQuery({
    queryKey: ["overview"],
    queryFn: () => answerOf(hub.overview.$get()),
    refetchInterval: EVERY_MS,
  });
  return data;
}

/** How many wait for the company to take them in; of those who may decide that, only. */
export function useEnrolments(): number | undefined {
  const { role } = useCompany();
  const overview = useOverview();
  return CARE.includes(role) ? overview?.to_dos.enrolments : 0;
}

/** At most a hundred orders whose code leads to nobody, the newest first. */
export function useUnresolved() {
  const { data } = useQuery({
    queryKey: ["orders", "unresolved", "first"],
    queryFn: () => answerOf(hub.orders.$get({ query: { unresolved: "true", limit: String(MOST_COUNTED) } })),
    refetchInterval: EVERY_MS,
  });
  return data;
}

/** At most the first hundred products that wait. */
export function useQuarantine() {
  const { data } = useQuery({
    queryKey: ["quarantine", "first"],
    queryFn: () => answerOf(hub.quarantine.$get({ query: { limit: String(MOST_COUNTED) } })),
    refetchInterval: EVERY_MS,
  });
  return data;
}

export function useStores() {
  const { data } = useQuery({ queryKey: ["stores"], queryFn: () => answerOf(hub.stores.$get()), staleTime: EVERY_MS });
  return data?.items;
}

export function useStoreHealth() {
  const stores = useStores();
  const { data } = useQuery({
    queryKey: ["stores", "health", stores?.map(({ store_id: id }) => id)],
    enabled: stores !== undefined,
    queryFn: () =>
      Promise.all((stores ?? []).map(({ store_id }) => answerOf(hub.stores[":store_id"].health.$get({ param: { store_id } })))),
    // Whoever has no stream of events sees a run get further all the same.
    refetchInterval: ({ state }) => (state.data?.some(({ under_way: run }) => run !== null) ? RUN_MS : EVERY_MS),
  });
  return data;
}

export const usePeriods = () => usePeriodList().data?.items;

/** The newest periods, and whether they have come. */
export function usePeriodList() {
  return useQuery({
    queryKey: ["periods", "first"],
    queryFn: () => answerOf(hub.periods.$get({ query: { limit: "24" } })),
    refetchInterval: EVERY_MS,
  });
}

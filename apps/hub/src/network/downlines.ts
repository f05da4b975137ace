import { setImmediate as turn } from "node:timers/promises";
import type { Downline } from "@upline/core";
import type { Network } from "./network.ts";

export interface DownlineWanted {
  readonly no: number;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly depth: number;
  /** Only a page of it: so many members behind one. */
  readonly after?: { readonly level: number; readonly no: number } | undefined;
  readonly limit?: number | undefined;
}

interface Kept {
  readonly no: number;
  readonly changes: number;
  readonly downline: Downline;
}

/** Of each network, for whoever reads page after page of one. */
const KEPT = 2;
const kept = new WeakMap<Network, Kept[]>();
const underWay = new WeakMap<Network, Map<number, Promise<unknown>>>();
/** A walk begins anew where the tree has changed in one of its pauses; after so many times it makes none. */
const PATIENT_WALKS = 3;

/**
 * Everyone below somebody, at least as deep as is wanted or as the page needs. A walk that was made is used again as long as
 * nobody is enrolled or moved and the time lies in its span; while one is under way the next one for the same distributor waits.
 */
export async function downlineOf(network: Network, wanted: DownlineWanted): Promise<Downline> {
  const walks = underWay.get(network) ?? new Map<number, Promise<unknown>>();
  underWay.set(network, walks);
  for (let before = walks.get(wanted.no); before !== undefined; before = walks.get(wanted.no)) await before;
  const known = (kept.get(network) ?? []).find((each) => answers(network, each, wanted));
  if (known) return known.downline;
  const walk = walkPatiently(network, wanted);
  const over = () => void walks.delete(wanted.no);
  walks.set(wanted.no, walk.then(over, over));
  return walk;
}

function answers(network: Network, { no, changes, downline }: Kept, wanted: DownlineWanted): boolean {
  if (no !== wanted.no || changes !== network.changes) return false;
  if (wanted.at < downline.span.from || wanted.at >= downline.span.to) return false;
  return downline.depth >= wanted.depth || isEnough(downline.starts, wanted);
}

async function walkPatiently(network: Network, wanted: DownlineWanted): Promise<Downline> {
  for (let attempt = 1; ; attempt++) {
    const { changes } = network;
    const walk = network.walkDownline({ ...wanted, isEnough: (starts) => isEnough(starts, wanted) });
    let step = walk.next();
    while (!step.done && changes === network.changes) {
      if (attempt <= PATIENT_WALKS) await turn();
      step = walk.next();
    }
    if (!step.done || changes !== network.changes) continue;
    const others = (kept.get(network) ?? []).filter((each) => each.no !== wanted.no && each.changes === changes);
    kept.set(network, [{ no: wanted.no, changes, downline: step.value }, ...others].slice(0, KEPT));
    return step.value;
  }
}

/** Whether the levels below the one where the page begins hold all of it. */
function isEnough(starts: readonly number[], { after, limit }: DownlineWanted): boolean {
  const begin = starts[after?.level ?? 0];
  return limit !== undefined && begin !== undefined && (starts.at(-1) ?? 0) - begin >= limit;
}

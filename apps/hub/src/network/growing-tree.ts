import { NOBODY } from "@upline/core";
import { findFreePlace, type Legs } from "@upline/core/engine";
import type { TreeSettings } from "./placement-queries.ts";
import type { Places } from "./places.ts";

/** Why somebody cannot stand where they were to stand. */
export type PlaceReason =
  | "already-placed"
  | "unknown-parent"
  | "parent-placed-later"
  | "leg-taken"
  | "no-such-leg"
  | "no-free-place"
  | "outside-line";

/** Parent 0 is the top of the tree. */
export interface Spot {
  readonly parentNo: number;
  readonly leg: number;
}

/** A placement tree with those whom an act places in it, all as of one moment. What was decided for later counts as well: a leg is free from then on, or not at all. */
export class GrowingTree implements Legs {
  readonly width: number;
  readonly depth: number;
  readonly #settings: TreeSettings;
  readonly #places: Places | null;
  readonly #at: number;
  readonly #added = new Map<number, Map<number, number>>();
  readonly #parentOf = new Map<number, number>();

  constructor(places: Places | null, settings: TreeSettings, at: number) {
    this.#places = places;
    this.#settings = settings;
    this.#at = at;
    this.width = settings.width;
    this.depth = settings.depth ?? Number.POSITIVE_INFINITY;
  }

  /** Whether somebody has a place, from whenever on. */
  has(no: number): boolean {
    return this.#parentOf.has(no) || this.#places?.has(no) === true;
  }

  isThere(no: number): boolean {
    return this.#parentOf.has(no) || this.#places?.placeAsOf(no, this.#at) != null;
  }

  legsOf(parent: number): number[] {
    const legs = this.#places?.legsFrom(parent, this.#at) ?? [];
    for (const [leg, no] of this.#added.get(parent) ?? []) {
      while (legs.length <= leg) legs.push(NOBODY);
      legs[leg] = no;
    }
    return legs;
  }

  /** Places somebody, or says why not. Without a leg it is the first free one that the tree's spillover finds under the parent. */
  place(no: number, wanted: { readonly parentNo: number; readonly sponsorNo: number; readonly leg?: number | undefined }) {
    const { parentNo, sponsorNo } = wanted;
    if (isOutsideLine(this.#settings, { sponsorNo, parentNo, uplines: () => this.#uplinesOf(parentNo) })) return "outside-line";
    const place = this.#spotFor(no, wanted);
    if (typeof place === "string") return place;
    this.#parentOf.set(no, place.parentNo);
    if (place.parentNo !== 0)
      this.#added.set(place.parentNo, (this.#added.get(place.parentNo) ?? new Map<number, number>()).set(place.leg, no));
    return place;
  }

  #spotFor(no: number, { parentNo, leg }: { readonly parentNo: number; readonly leg?: number | undefined }): Spot | PlaceReason {
    if (this.has(no)) return "already-placed";
    if (parentNo === 0) return { parentNo, leg: 0 };
    if (!this.has(parentNo)) return "unknown-parent";
    if (!this.isThere(parentNo)) return "parent-placed-later";
    if (leg === undefined) {
      const free = findFreePlace(this, parentNo, this.#settings.spillover);
      return free === null ? "no-free-place" : { parentNo: free.parent, leg: free.leg };
    }
    if (leg >= this.width) return "no-such-leg";
    return (this.legsOf(parentNo)[leg] ?? NOBODY) === NOBODY ? { parentNo, leg } : "leg-taken";
  }

  /** Who stands above somebody, nearest first, now and after each move that is decided for later. */
  #uplinesOf(no: number): number[][] {
    const added: number[] = [];
    let top = no;
    for (let parent = this.#parentOf.get(top); parent !== undefined; parent = this.#parentOf.get(top)) {
      if (parent === 0) return [added];
      added.push(parent);
      top = parent;
    }
    const stored = this.#places?.uplinesFrom(top, this.#at) ?? [[]];
    return stored.map((upline) => [...added, ...upline]);
  }
}

/**
 * Whether a tree lets people stand below their own sponsor only, and this parent (0 is the top) does not, or will not. Everybody is below the
 * company, which is 0. `uplines` are those of the parent in the tree, from the moment on.
 */
export function isOutsideLine(
  { within }: TreeSettings,
  { sponsorNo, parentNo, uplines }: { sponsorNo: number; parentNo: number; uplines: () => readonly (readonly number[])[] },
): boolean {
  if (within !== "sponsor-line" || sponsorNo === 0 || parentNo === sponsorNo) return false;
  return !uplines().every((upline) => upline.includes(sponsorNo));
}

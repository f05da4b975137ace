import { type FreePlace, findFreePlace, type SpilloverMode } from "./free-place.ts";
import { NOBODY } from "./network.ts";
import { itemAt } from "./typed.ts";

/**
 * Placement trees: binary and matrix. A place is a stored fact, decided once by a spillover mode or by
 * hand, and never recomputed. Edges are dated; whoever is not placed yet waits in the holding tank.
 */

export type PlacementOutcome =
  | { readonly kind: "placed"; readonly parent: number; readonly leg: number }
  | {
      readonly kind: "refused";
      readonly reason:
        | "already-placed"
        | "not-placed"
        | "unknown-parent"
        | "leg-taken"
        | "no-such-leg"
        | "cycle"
        | "before-latest-move"
        | "no-free-place";
    };

interface Place {
  readonly from: number;
  readonly parent: number;
  readonly leg: number;
}

export class PlacementTree {
  readonly width: number;
  /** Levels below a distributor that spillover searches; infinite for binary. */
  readonly depth: number;
  readonly #places = new Map<number, Place[]>();
  /** Latest occupant by parent and leg. */
  readonly #below = new Map<number, number[]>();
  readonly #waiting = new Set<number>();

  constructor(options: { width: number; depth?: number }) {
    this.width = options.width;
    this.depth = options.depth ?? Number.POSITIVE_INFINITY;
  }

  /** Makes somebody the root of the tree, or of one of several. */
  plant(no: number, at: number): PlacementOutcome {
    if (this.#places.has(no)) return refused("already-placed");
    this.#store(no, { from: at, parent: NOBODY, leg: 0 });
    return { kind: "placed", parent: NOBODY, leg: 0 };
  }

  /** Puts somebody into the holding tank, to be placed by hand or by `placeWaiting`. */
  hold(no: number): PlacementOutcome | { readonly kind: "waiting" } {
    if (this.#places.has(no)) return refused("already-placed");
    this.#waiting.add(no);
    return { kind: "waiting" };
  }

  /** In the tree, and not in the holding tank with a downline of their own. */
  #isPlaced(no: number): boolean {
    return this.#places.has(no) && !this.#waiting.has(no);
  }

  get waiting(): readonly number[] {
    return [...this.#waiting].sort((a, b) => a - b);
  }

  /** Places under a given distributor by spillover. */
  place(no: number, under: number, mode: SpilloverMode, at: number): PlacementOutcome {
    if (this.#isPlaced(no)) return refused("already-placed");
    if (!this.#places.has(under)) return refused("unknown-parent");
    const free = this.findFree(under, mode);
    return free === null ? refused("no-free-place") : this.placeAt(no, free.parent, free.leg, at);
  }

  /** Places at a named leg. */
  placeAt(no: number, parent: number, leg: number, at: number): PlacementOutcome {
    if (this.#isPlaced(no)) return refused("already-placed");
    const problem = this.#problemAt(parent, leg);
    if (problem !== null) return refused(problem);
    if (this.#places.has(no) && this.#closesCircle(no, parent, at)) return refused("cycle");
    this.#waiting.delete(no);
    this.#store(no, { from: at, parent, leg });
    return { kind: "placed", parent, leg };
  }

  /**
   * Someone leaves. `keep` leaves their place as it is; `promote-earliest` gives it to whoever was placed
   * directly below first, and spillover places the others under them; `holding-tank` makes everyone
   * directly below wait, each with their own downline.
   */
  leave(
    no: number,
    mode: "keep" | "promote-earliest" | "holding-tank",
    at: number,
  ): { no: number; outcome: PlacementOutcome | { readonly kind: "waiting" } }[] {
    const place = this.#places.get(no)?.at(-1);
    if (place === undefined) return [{ no, outcome: refused("not-placed") }];
    if (mode === "keep") return [];
    if (at <= this.#since(no) || (this.#below.get(no) ?? []).some((child) => child !== NOBODY && at <= this.#since(child))) {
      return [{ no, outcome: refused("before-latest-move") }];
    }
    const below = (this.#below.get(no) ?? [])
      .filter((child) => child !== NOBODY)
      .sort((a, b) => this.#since(a) - this.#since(b) || a - b);
    this.#detach(no, at);
    this.#below.delete(no);
    const [first, ...others] = below;
    if (mode === "holding-tank" || first === undefined)
      return below.map((child) => ({ no: child, outcome: this.#wait(child, at) }));
    this.#store(first, { from: at, parent: place.parent, leg: place.leg });
    const moved = others.map((other) => {
      const free = this.findFree(first, "breadth-first");
      if (free === null) return { no: other, outcome: this.#wait(other, at) };
      this.#store(other, { from: at, ...free });
      return { no: other, outcome: { kind: "placed" as const, ...free } };
    });
    return [{ no: first, outcome: { kind: "placed", parent: place.parent, leg: place.leg } }, ...moved];
  }

  #latest(no: number): Place {
    return (this.#places.get(no) as Place[]).at(-1) as Place;
  }

  #since(no: number): number {
    return this.#latest(no).from;
  }

  /** Out of the tree from `at` on, without a place. */
  #detach(no: number, at: number): void {
    const { parent, leg } = this.#latest(no);
    const legs = this.#below.get(parent);
    if (legs !== undefined) legs[leg] = NOBODY;
    this.#store(no, { from: at, parent: NOBODY, leg: 0 });
  }

  #wait(no: number, at: number): { readonly kind: "waiting" } {
    this.#store(no, { from: at, parent: NOBODY, leg: 0 });
    this.#waiting.add(no);
    return { kind: "waiting" };
  }

  /** Places everyone in the holding tank by spillover under the distributor `underOf` names, in number order. */
  placeWaiting(underOf: (no: number) => number, mode: SpilloverMode, at: number): { no: number; outcome: PlacementOutcome }[] {
    return this.waiting.map((no) => ({ no, outcome: this.place(no, underOf(no), mode, at) }));
  }

  /** Moves somebody with everyone below from `at` on; the past stays as it was. */
  move(no: number, parent: number, leg: number, at: number): PlacementOutcome {
    const places = this.#places.get(no);
    if (places === undefined) return refused("not-placed");
    if (at <= (places.at(-1) as Place).from) return refused("before-latest-move");
    const problem = this.#problemAt(parent, leg);
    if (problem !== null) return refused(problem);
    if (this.#closesCircle(no, parent, at)) return refused("cycle");
    const before = places.at(-1) as Place;
    const legs = this.#below.get(before.parent);
    if (legs !== undefined) legs[before.leg] = NOBODY;
    this.#store(no, { from: at, parent, leg });
    return { kind: "placed", parent, leg };
  }

  /** Parent and leg as of a time, or null before the first placement and in the holding tank. */
  placeAsOf(no: number, at: number): { readonly parent: number; readonly leg: number } | null {
    const places = this.#places.get(no) ?? [];
    for (let i = places.length - 1; i >= 0; i--) if (itemAt(places, i).from <= at) return itemAt(places, i);
    return null;
  }

  /** Everyone's place as of a time, as columns for a period's close. */
  columnsAsOf(at: number, count: number): { parent: Int32Array; leg: Uint8Array } {
    const columns = { parent: new Int32Array(count).fill(NOBODY), leg: new Uint8Array(count) };
    for (const no of this.#places.keys()) {
      const place = no < count ? this.placeAsOf(no, at) : null;
      if (place === null) continue;
      columns.parent[no] = place.parent;
      columns.leg[no] = place.leg;
    }
    return columns;
  }

  /** The upline in this tree, nearest first, as of a time. */
  uplineAsOf(no: number, at: number, maxDepth = Number.POSITIVE_INFINITY): number[] {
    const upline: number[] = [];
    for (
      let up = this.placeAsOf(no, at)?.parent ?? NOBODY;
      up !== NOBODY && upline.length < maxDepth;
      up = this.placeAsOf(up, at)?.parent ?? NOBODY
    ) {
      upline.push(up);
    }
    return upline;
  }

  /** The place spillover would choose under a distributor; null where the tree has none within its depth. */
  findFree(under: number, mode: SpilloverMode): FreePlace | null {
    const { width, depth } = this;
    return findFreePlace({ width, depth, legsOf: (parent) => this.#below.get(parent) ?? [] }, under, mode);
  }

  #at(parent: number, leg: number): number {
    return this.#below.get(parent)?.[leg] ?? NOBODY;
  }

  #problemAt(parent: number, leg: number): "unknown-parent" | "no-such-leg" | "leg-taken" | null {
    if (!this.#places.has(parent)) return "unknown-parent";
    if (!Number.isInteger(leg) || leg < 0 || leg >= this.width) return "no-such-leg";
    return this.#at(parent, leg) === NOBODY ? null : "leg-taken";
  }

  /** A new edge closes a circle where `no` stands above `parent` at `at` or after any later move. */
  #closesCircle(no: number, parent: number, at: number): boolean {
    const times = new Set([at]);
    for (const places of this.#places.values()) for (const place of places) if (place.from > at) times.add(place.from);
    return [...times].some((time) => parent === no || this.uplineAsOf(parent, time).includes(no));
  }

  #store(no: number, place: Place): void {
    this.#places.set(no, [...(this.#places.get(no) ?? []), place]);
    if (place.parent === NOBODY) return;
    const legs = this.#below.get(place.parent) ?? new Array<number>(this.width).fill(NOBODY);
    legs[place.leg] = no;
    this.#below.set(place.parent, legs);
  }
}

function refused(reason: (PlacementOutcome & { kind: "refused" })["reason"]): PlacementOutcome {
  return { kind: "refused", reason };
}

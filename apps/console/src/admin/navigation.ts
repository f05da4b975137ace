import type { LinkProps } from "@tanstack/react-router";
import type { WordKey } from "../words/shape.ts";
import { CARE } from "./rights.ts";

/** The console's ways, in the order they are drawn; a count is work that waits. */
export interface Way {
  readonly name: WordKey;
  readonly to: NonNullable<LinkProps["to"]>;
  /** Which of the overview's counts stands beside it. */
  readonly waits?: "all" | "skus" | "stores" | "periods" | "enrolments";
  /** The letter behind G. */
  readonly letter?: string;
  /** Who may read what is there; everybody unless given. */
  readonly roles?: readonly string[];
}

const WAYS: readonly (readonly Way[])[] = [
  [{ name: "nav.overview", to: "/", waits: "all", letter: "h" }],
  [
    { name: "nav.orders", to: "/orders", letter: "o" },
    { name: "nav.skus", to: "/skus", waits: "skus", letter: "k" },
    { name: "nav.stores", to: "/stores", waits: "stores", letter: "s" },
  ],
  [
    { name: "nav.network", to: "/network", letter: "n" },
    { name: "nav.referrals", to: "/referrals", letter: "r" },
    { name: "nav.enrolments", to: "/enrolments", waits: "enrolments", roles: CARE },
    { name: "nav.questions", to: "/questions" },
    { name: "nav.materials", to: "/materials" },
  ],
  [
    { name: "nav.plan", to: "/plans", letter: "c" },
    { name: "nav.periods", to: "/periods", waits: "periods", letter: "p" },
    { name: "nav.ledger", to: "/ledger", letter: "l" },
  ],
  [{ name: "nav.settings", to: "/settings" }],
];

/** The ways of somebody's role: what they may not read is not offered to them. */
export function waysOf(role: string): readonly (readonly Way[])[] {
  return WAYS.map((group) => group.filter(({ roles }) => roles === undefined || roles.includes(role)));
}

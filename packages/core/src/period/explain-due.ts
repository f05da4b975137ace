import { formatAmount } from "../money.ts";
import type { BreakawayBonus } from "../plan/breakaway.ts";
import { formatVolume, volumeOf } from "../plan/parts.ts";
import { breakawayRankNo } from "../plan/rules.ts";
import { type Reason, reason } from "../reasons/reason.ts";
import { float64At, int16At } from "../typed.ts";
import { DUE_LEVELS, type GuaranteedOverride } from "./breakaway-due.ts";
import type { CloseResult } from "./close.ts";
import { CloseTrees } from "./close-trees.ts";
import { groupVolume } from "./group-volume.ts";
import type { CloseInput } from "./input.ts";
import type { CloseEntry } from "./till.ts";

/** What an override with a guaranteed minimum gave a leader and took from them, or why it gave nothing. */
export function dueReasons(
  { input, result }: { input: CloseInput; result: CloseResult },
  bonus: BreakawayBonus,
  override: GuaranteedOverride,
  no: number,
): Reason[] {
  const entries = (result.entries ?? []).filter((entry) => entry.bonusId === bonus.id);
  const money = (minor: number) => ({ amount: formatAmount(BigInt(minor), result.currency), currency: result.currency });
  const name = (leader: number): string => input.network.ids?.[leader] ?? `#${leader}`;
  const received = entries.filter((entry) => entry.earner === no && entry.level === DUE_LEVELS.received);
  const told = received.map((entry) => reason("due-from-group", { leader: name(entry.source), ...money(entry.amountMinor) }));
  const own = (level: number): number => entries.find((entry) => isOwn(entry, no) && entry.level === level)?.amountMinor ?? 0;
  const shortfall = own(DUE_LEVELS.shortfall);
  if (shortfall !== 0) told.push(reason("due-shortfall", { ...money(-shortfall), volume: override.due.atLeastVolume }));
  const notKept = own(DUE_LEVELS.notKept);
  if (notKept !== 0)
    told.push(reason("due-not-kept", money(-notKept), keepsReason(override, ownGroup({ input, result }, bonus, no), received)));
  const paidUp = entries.find((entry) => entry.source === no && entry.earner !== no && entry.level === DUE_LEVELS.received);
  if (paidUp !== undefined) told.push(reason("due-pays", { ...money(paidUp.amountMinor), leader: name(paidUp.earner) }));
  return received.length === 0 ? [whyNothing(input, result, no), ...told] : told;
}

const isOwn = (entry: CloseEntry, no: number): boolean => entry.earner === no && entry.source === no;

/** The volume of a leader's personal group in the tree that the bonus goes by. */
function ownGroup({ input, result }: { input: CloseInput; result: CloseResult }, { tree }: BreakawayBonus, no: number): bigint {
  const { facts, ranks } = result;
  const volume = groupVolume({ input, trees: new CloseTrees(input), facts, ranks }, { tree, which: "personal" });
  return BigInt(float64At(volume, no));
}

function keepsReason({ keeps }: GuaranteedOverride, had: bigint, received: readonly CloseEntry[]): Reason[] {
  if (keeps === undefined) return [];
  const needed = volumeOf(keeps.personalGroupVolume);
  const volumes = { needed: formatVolume(needed), had: formatVolume(had), short: formatVolume(needed - had) };
  return [reason("keeping-needs", { ...volumes, groups: String(keeps.orGroups), hadGroups: String(received.length) })];
}

function whyNothing(input: CloseInput, result: CloseResult, no: number): Reason {
  const least = breakawayRankNo(input.plan);
  const rank = input.plan.ranks[least]?.name ?? "";
  if (int16At(result.ranks.paidAs, no) < least) return reason("due-for-rank", { rank });
  if (result.facts.active[no] !== 1) return reason("due-for-active");
  return reason("due-no-group");
}

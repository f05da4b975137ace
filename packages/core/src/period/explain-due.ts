import { formatAmount } from "../money.ts";
import type { BreakawayBonus } from "../plan/breakaway.ts";
import { formatVolume, volumeOf } from "../plan/parts.ts";
import { breakawayRankNo } from "../plan/rules.ts";
import { float64At, int16At } from "../typed.ts";
import { DUE_LEVELS, type GuaranteedOverride } from "./breakaway-due.ts";
import type { CloseResult } from "./close.ts";
import { CloseTrees } from "./close-trees.ts";
import { groupVolume } from "./group-volume.ts";
import type { CloseInput } from "./input.ts";
import type { CloseEntry } from "./till.ts";

/** What an override with a guaranteed minimum gave a leader and took from them, or why it gave nothing, in words. */
export function dueLines(
  { input, result }: { input: CloseInput; result: CloseResult },
  bonus: BreakawayBonus,
  override: GuaranteedOverride,
  no: number,
): string[] {
  const entries = (result.entries ?? []).filter((entry) => entry.bonusId === bonus.id);
  const money = (minor: number): string => `${formatAmount(BigInt(minor), result.currency)} ${result.currency}`;
  const name = (leader: number): string => input.network.ids?.[leader] ?? `#${leader}`;
  const received = entries.filter((entry) => entry.earner === no && entry.level === DUE_LEVELS.received);
  const lines = received.map((entry) => `from the group of ${name(entry.source)}: ${money(entry.amountMinor)}`);
  const own = (level: number): number => entries.find((entry) => isOwn(entry, no) && entry.level === level)?.amountMinor ?? 0;
  const shortfall = own(DUE_LEVELS.shortfall);
  if (shortfall !== 0)
    lines.push(
      `${money(-shortfall)} of it go on to the next leader: the own group falls short of the minimum on ${override.due.atLeastVolume} CV`,
    );
  const notKept = own(DUE_LEVELS.notKept);
  if (notKept !== 0)
    lines.push(
      `${money(-notKept)} of it go on to the next leader: ${keepsText(override, ownGroup({ input, result }, bonus, no), received)}`,
    );
  const paidUp = entries.find((entry) => entry.source === no && entry.earner !== no && entry.level === DUE_LEVELS.received);
  if (paidUp !== undefined) lines.push(`the own group pays ${money(paidUp.amountMinor)} to ${name(paidUp.earner)}`);
  return received.length === 0 ? [whyNothing(input, result, no), ...lines] : lines;
}

const isOwn = (entry: CloseEntry, no: number): boolean => entry.earner === no && entry.source === no;

/** The volume of a leader's personal group in the tree that the bonus goes by. */
function ownGroup({ input, result }: { input: CloseInput; result: CloseResult }, { tree }: BreakawayBonus, no: number): bigint {
  const { facts, ranks } = result;
  const volume = groupVolume({ input, trees: new CloseTrees(input), facts, ranks }, { tree, which: "personal" });
  return BigInt(float64At(volume, no));
}

function keepsText({ keeps }: GuaranteedOverride, had: bigint, received: readonly CloseEntry[]): string {
  if (keeps === undefined) return "";
  const needed = volumeOf(keeps.personalGroupVolume);
  return (
    `keeping needs a personal group of ${formatVolume(needed)}, had ${formatVolume(had)}: ${formatVolume(needed - had)} short; ` +
    `or ${keeps.orGroups} groups that pay, had ${received.length}`
  );
}

function whyNothing(input: CloseInput, result: CloseResult, no: number): string {
  const least = breakawayRankNo(input.plan);
  const rank = input.plan.ranks[least]?.name ?? "";
  if (int16At(result.ranks.paidAs, no) < least) return `nothing received: it is for ${rank} or higher`;
  if (result.facts.active[no] !== 1) return "nothing received: it is for the active, and what groups below owe went on above";
  return "nothing received: no group below has broken away and sold anything";
}

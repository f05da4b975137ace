import { CODE_LENGTH_MAX, CODE_SCRIPTS, codeClassOf, WRITTEN_TOGETHER } from "@upline/core";

/**
 * The rule for referral codes as a table for PHP, which may lack intl and has Unicode tables of another age: for each
 * range of characters that a code may hold its scripts as bits, how many characters it counts as after NFKC, and
 * whether it is a letter or digit. `pnpm generate` writes it; a test fails where it is not current.
 */
export const CODE_TABLE_PATH = "connectors/woocommerce/plugin/src/Domain/CodeTable.php";

const PER_LINE = 4;

export function codeTablePhp(): string {
  const ranges = codeRanges().map((range) => `[${range.join(", ")}],`);
  const lines = Array.from({ length: Math.ceil(ranges.length / PER_LINE) }, (_, row) =>
    ranges.slice(row * PER_LINE, (row + 1) * PER_LINE).join(" "),
  );
  return `<?php

declare(strict_types=1);

namespace Upline\\WooCommerce\\Domain;

/**
 * Made by \`pnpm generate\` from packages/core/src/referral-code.ts: change the rule there.
 * Scripts by bit: ${CODE_SCRIPTS.slice(0, 6).join(", ")} and ${CODE_SCRIPTS.length - 6} more.
 */
final class CodeTable
{
    public const LONGEST = ${CODE_LENGTH_MAX};
    public const TOGETHER = [${WRITTEN_TOGETHER.join(", ")}];
    /** First character, last one, scripts, length after NFKC, 1 for a letter or digit. */
    public const RANGES = [
${lines.map((line) => `        ${line}`).join("\n")}
    ];
}
`;
}

function codeRanges(): number[][] {
  const ranges: number[][] = [];
  for (let point = 0; point <= 0x10_ffff; point += 1) {
    if (point >= 0xd800 && point <= 0xdfff) continue;
    const found = codeClassOf(String.fromCodePoint(point));
    if (found === null) continue;
    const { scripts, length } = found;
    const speaks = found.speaks ? 1 : 0;
    const last = ranges.at(-1);
    if (last && last[1] === point - 1 && last[2] === scripts && last[3] === length && last[4] === speaks) last[1] = point;
    else ranges.push([point, point, scripts, length, speaks]);
  }
  return ranges;
}

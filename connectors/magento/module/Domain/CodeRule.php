<?php

// Made by `pnpm generate` from connectors/woocommerce/plugin/src/Domain/CodeRule.php: change it there.
declare(strict_types=1);

namespace Upline\Connector\Domain;

/**
 * What a referral code is: the hub's own rule, from the table that is made of it (CodeTable), so that shop and hub
 * call the same text a code. Works without intl, and asks PHP for no Unicode property.
 */
class CodeRule
{
    /** White space that may stand around a code, as JavaScript's trim() takes it. */
    private const SPACE = '[\x{09}-\x{0D}\x{20}\x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}\x{FEFF}]+';

    /** The text without the white space around it, or null where this cannot be a code. */
    public static function read(string $typed): ?string
    {
        $code = preg_replace('/^' . self::SPACE . '|' . self::SPACE . '$/Du', '', $typed);
        if ($code === null || $code === '' || strlen($code) > 1000) {
            return null;
        }
        $scripts = 0;
        $length = 0;
        $speaks = false;
        foreach ((array) preg_split('//u', $code, -1, PREG_SPLIT_NO_EMPTY) as $character) {
            $found = self::find(self::point((string) $character));
            if ($found === null) {
                return null;
            }
            $scripts |= $found[2];
            $length += $found[3];
            $speaks = $speaks || $found[4] === 1;
        }

        return $speaks && $length <= CodeTable::LONGEST && self::mayMix($scripts) ? $code : null;
    }

    /** @return array{int, int, int, int, int}|null a row of the table */
    private static function find(int $point): ?array
    {
        $ranges = CodeTable::RANGES;
        $low = 0;
        $high = count($ranges) - 1;
        while ($low <= $high) {
            $middle = intdiv($low + $high, 2);
            if ($point < $ranges[$middle][0]) {
                $high = $middle - 1;
            } elseif ($point > $ranges[$middle][1]) {
                $low = $middle + 1;
            } else {
                return $ranges[$middle];
            }
        }

        return null;
    }

    /** One script, or several that are written together. */
    private static function mayMix(int $scripts): bool
    {
        if (($scripts & ($scripts - 1)) === 0) {
            return true;
        }
        foreach (CodeTable::TOGETHER as $mask) {
            if (($scripts & ~$mask) === 0) {
                return true;
            }
        }

        return false;
    }

    /** The code point of one character of UTF-8; mbstring may be absent. */
    private static function point(string $character): int
    {
        $bytes = array_values((array) unpack('C*', $character));
        $point = [1 => $bytes[0], 2 => $bytes[0] & 0x1F, 3 => $bytes[0] & 0x0F, 4 => $bytes[0] & 0x07][count($bytes)] ?? 0;
        foreach (array_slice($bytes, 1) as $byte) {
            $point = ($point << 6) | ($byte & 0x3F);
        }

        return $point;
    }
}

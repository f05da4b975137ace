<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Domain;

/** A distributor's referral code as people type it and as it is stored. */
final class ReferralCode
{
    /** Two to forty letters, digits, dots, hyphens and underscores; begins with a letter or digit. The storefront script has the same rule. */
    public const PATTERN = '[A-Za-z0-9][A-Za-z0-9._-]{1,39}';

    /** The code in capitals, or null where this cannot be a code. */
    public static function parse(string $typed): ?string
    {
        $code = strtoupper(trim($typed));

        return preg_match('/^' . self::PATTERN . '$/D', $code) === 1 ? $code : null;
    }

    /**
     * The code in a path such as /shop/r/ANNA77 (home path "/shop", prefix "r"), or null.
     */
    public static function inPath(string $path, string $homePath, string $prefix): ?string
    {
        $base = rtrim($homePath, '/') . '/' . trim($prefix, '/') . '/';
        if (strncmp($path, $base, strlen($base)) !== 0) {
            return null;
        }

        return self::parse(rawurldecode(rtrim(substr($path, strlen($base)), '/')));
    }
}

<?php

// Made by `pnpm generate` from connectors/woocommerce/plugin/src/Domain/ReferralCode.php: change it there.
declare(strict_types=1);

namespace Upline\Connector\Domain;

/** A distributor's referral code as people type it and as it is stored. */
class ReferralCode
{
    /** What a route may hold where a code is expected; whether it is one, `parse` says. */
    public const PATTERN = '.+';

    /** The code with its ASCII letters in capitals, or null where this cannot be a code; the hub compares without case. */
    public static function parse(string $typed): ?string
    {
        $code = CodeRule::read($typed);

        return $code === null ? null : strtr($code, 'abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ');
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

        $part = rtrim(substr($path, strlen($base)), '/');

        // A slash of the code itself is written %2F.
        return strpos($part, '/') === false ? self::parse(rawurldecode($part)) : null;
    }
}

<?php

// Made by `pnpm generate` from connectors/woocommerce/plugin/src/Domain/Backoff.php: change it there.
declare(strict_types=1);

namespace Upline\Connector\Domain;

/** When to try a failed delivery again, and when to stop. */
class Backoff
{
    private const FIRST_SECONDS = 10;
    private const LONGEST_SECONDS = 3600;
    /** A week: a hub that is down over a long weekend loses nothing. */
    private const GIVE_UP_AFTER_SECONDS = 7 * 86400;

    /**
     * Doubles from 10 s up to an hour; one half is fixed and one half random, so that shops which failed
     * together do not come back together.
     *
     * @param int   $attempts attempts that failed so far, at least 1
     * @param float $random   0 <= random < 1
     */
    public static function delaySeconds(int $attempts, float $random): int
    {
        $exponent = min(max($attempts, 1) - 1, 20);
        $full = min(self::FIRST_SECONDS * (2 ** $exponent), self::LONGEST_SECONDS);

        return (int) ceil($full / 2 + $full / 2 * $random);
    }

    /** The hub's own wish (Retry-After in seconds) counts where it is longer, up to an hour. */
    public static function atLeast(int $delaySeconds, ?string $retryAfter): int
    {
        if ($retryAfter === null || !ctype_digit($retryAfter)) {
            return $delaySeconds;
        }

        return max($delaySeconds, min((int) $retryAfter, self::LONGEST_SECONDS));
    }

    public static function givesUp(int $firstFailedAt, int $now): bool
    {
        return $firstFailedAt > 0 && $now - $firstFailedAt >= self::GIVE_UP_AFTER_SECONDS;
    }
}

<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Domain;

/** What an HTTP status of the hub means for a delivery. */
final class Answer
{
    public const STORED = 'stored';
    public const AGAIN = 'again';
    public const DEAD = 'dead';
    /** Statuses that say nothing about the delivery, only that the hub is away or busy; 0 is "could not be reached". */
    public const HUB_AWAY = [0, 429, 502, 503, 504];

    /** @param int $status HTTP status; 0 where the hub could not be reached */
    public static function of(int $status): string
    {
        if ($status >= 200 && $status < 300) {
            return self::STORED;
        }
        if ($status >= 400 && $status < 500 && $status !== 429) {
            return self::DEAD;
        }

        return self::AGAIN;
    }

    /** The hub does not accept this store any more: connecting again is the cure, not trying again. */
    public static function refusesStore(int $status): bool
    {
        return $status === 401 || $status === 404;
    }
}

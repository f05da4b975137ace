<?php

// Made by `pnpm generate` from connectors/woocommerce/plugin/src/Domain/Answer.php: change it there.
declare(strict_types=1);

namespace Upline\Connector\Domain;

/** What an answer means for a delivery. */
class Answer
{
    public const STORED = 'stored';
    public const AGAIN = 'again';
    public const DEAD = 'dead';
    /** The hub knows this shop under another address: nothing is wrong with the delivery, it comes from the wrong place. */
    public const COPY = 'copy';
    /** The hub's own code for that. */
    public const COPIED_SHOP = 'copied-shop';
    /** Statuses that say nothing about the delivery, only that the hub is away or busy; 0 is "could not be reached". */
    public const HUB_AWAY = [0, 429, 502, 503, 504];
    /** Statuses that a firewall or a proxy on the way gives as well, or that a new key mends: never the delivery's own fault. */
    private const NOT_ABOUT_THE_DELIVERY = [401, 403, 404, 405, 407, 408, 425, 429];

    /**
     * @param int         $status  HTTP status; 0 where the hub could not be reached
     * @param bool        $isJson  a page in HTML is not the hub's, whatever its status
     * @param string|null $problem the hub's own code of a refusal; null where whoever answered gave none
     */
    public static function of(int $status, bool $isJson, ?string $problem): string
    {
        if ($status >= 200 && $status < 300) {
            return $isJson ? self::STORED : self::AGAIN;
        }
        if ($status === 409 && $problem === self::COPIED_SHOP) {
            return self::COPY;
        }
        $isOwn = $status >= 400 && $status < 500 && $problem !== null;

        return $isOwn && !in_array($status, self::NOT_ABOUT_THE_DELIVERY, true) ? self::DEAD : self::AGAIN;
    }

    /** The hub does not accept this store any more: connecting again is the cure, not trying again. */
    public static function refusesStore(int $status, ?string $problem): bool
    {
        return $problem !== null && ($status === 401 || $status === 404);
    }
}

<?php

// Made by `pnpm generate` from connectors/woocommerce/plugin/src/Domain/SlidingWindow.php: change it there.
declare(strict_types=1);

namespace Upline\Connector\Domain;

/** At most so many in any minute. What was refused does not count, so that the wait ends although somebody goes on asking. */
class SlidingWindow
{
    public const SECONDS = 60;

    /**
     * @param array<int, int> $times when the last ones were allowed, unix seconds
     * @return array<int, int>|null the times to keep; null where this one is refused
     */
    public static function take(array $times, int $now, int $limit): ?array
    {
        $recent = array_values(array_filter($times, static function ($time) use ($now): bool {
            return is_int($time) && $time > $now - self::SECONDS && $time <= $now;
        }));
        if (count($recent) >= $limit) {
            return null;
        }
        $recent[] = $now;

        return $recent;
    }
}

<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Sync;

use Upline\WooCommerce\Domain\Backoff;

/**
 * How the hub has answered lately. While it is away, one delivery at a time probes for it; the others wait
 * and no request of the shop is held up by it.
 */
final class Health
{
    public const OPTION = 'upline_health';
    private const LONGEST_PAUSE_SECONDS = 300;

    public function isPaused(int $now): bool
    {
        return $this->read()['pausedUntil'] > $now;
    }

    /** @return bool whether the hub was away before */
    public function succeeded(int $now, int $tookMs): bool
    {
        $health = $this->read();
        $this->write(array_merge($health, [
            'lastDeliveryAt' => $now,
            'lastDeliveryMs' => $tookMs,
            'failures' => 0,
            'pausedUntil' => 0,
            'refusedStatus' => 0,
        ]));

        return (int) $health['failures'] > 0;
    }

    /** The hub cannot be reached or is overloaded: everybody waits. */
    public function failed(int $now, string $problem, ?string $retryAfter): void
    {
        $health = $this->read();
        $failures = (int) $health['failures'] + 1;
        $pause = min(Backoff::delaySeconds($failures, mt_rand() / (mt_getrandmax() + 1)), self::LONGEST_PAUSE_SECONDS);
        $this->write(array_merge($health, [
            'failures' => $failures,
            'pausedUntil' => $now + Backoff::atLeast($pause, $retryAfter),
            'lastProblem' => $problem,
            'lastProblemAt' => $now,
        ]));
    }

    /** The hub answers but does not accept this delivery. */
    public function refused(int $now, int $status, bool $isStore, string $problem): void
    {
        $this->write(array_merge($this->read(), [
            'lastProblem' => $problem,
            'lastProblemAt' => $now,
            'refusedStatus' => $isStore ? $status : 0,
        ]));
    }

    public function clear(): void
    {
        delete_option(self::OPTION);
    }

    public function resume(): void
    {
        $this->write(array_merge($this->read(), ['pausedUntil' => 0]));
    }

    /** The hub has answered a question of this shop: its keys are good. */
    public function accepted(): void
    {
        $this->write(array_merge($this->read(), ['pausedUntil' => 0, 'failures' => 0, 'refusedStatus' => 0]));
    }

    /** @return array<string, int|string> */
    public function read(): array
    {
        $stored = get_option(self::OPTION, []);

        return array_merge([
            'lastDeliveryAt' => 0,
            'lastDeliveryMs' => 0,
            'failures' => 0,
            'pausedUntil' => 0,
            'lastProblem' => '',
            'lastProblemAt' => 0,
            'refusedStatus' => 0,
        ], is_array($stored) ? $stored : []);
    }

    /** @param array<string, int|string> $health */
    private function write(array $health): void
    {
        update_option(self::OPTION, $health, false);
    }
}

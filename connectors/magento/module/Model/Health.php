<?php

declare(strict_types=1);

namespace Upline\Connector\Model;

use Magento\Framework\FlagManager;
use Upline\Connector\Domain\Backoff;

/**
 * How the hub has answered lately. While it is away, one delivery at a time probes for it; the others wait and no request of the
 * shop is held up by it.
 */
class Health
{
    private const FLAG = 'upline_health';
    private const RUN = 'upline_run';
    private const LONGEST_PAUSE_SECONDS = 300;
    private const EMPTY = [
        'lastDeliveryAt' => 0,
        'lastDeliveryMs' => 0,
        'failures' => 0,
        'pausedUntil' => 0,
        'lastProblem' => '',
        'lastProblemAt' => 0,
        'refusedStatus' => 0,
    ];

    public function __construct(private readonly FlagManager $flags)
    {
    }

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
        $pause = min(Backoff::delaySeconds($failures, self::random()), self::LONGEST_PAUSE_SECONDS);
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
        $this->flags->deleteFlag(self::FLAG);
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

    /** Magento's cron has run this module's job. */
    public function jobRan(int $now): void
    {
        $this->flags->saveFlag(self::RUN, $now);
    }

    /** When it did so last; 0 where it never did. */
    public function jobRanAt(): int
    {
        return (int) $this->flags->getFlagData(self::RUN);
    }

    /** @return array<string, int|string> */
    public function read(): array
    {
        $stored = $this->flags->getFlagData(self::FLAG);

        return array_merge(self::EMPTY, is_array($stored) ? $stored : []);
    }

    /** At least 0, less than 1. */
    public static function random(): float
    {
        return random_int(0, 999_999) / 1_000_000;
    }

    /** @param array<string, int|string> $health */
    private function write(array $health): void
    {
        $this->flags->saveFlag(self::FLAG, $health);
    }
}

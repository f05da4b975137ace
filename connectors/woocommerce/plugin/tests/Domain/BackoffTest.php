<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Tests\Domain;

use PHPUnit\Framework\TestCase;
use Upline\WooCommerce\Domain\Backoff;

final class BackoffTest extends TestCase
{
    public function testDoublesUpToAnHour(): void
    {
        $fixedHalf = array_map(static function (int $attempts): int {
            return Backoff::delaySeconds($attempts, 0.0);
        }, [1, 2, 3, 8, 9, 10, 1000]);

        self::assertSame([5, 10, 20, 640, 1280, 1800, 1800], $fixedHalf);
    }

    public function testTheRandomHalfNeverExceedsTheFullDelay(): void
    {
        for ($attempts = 1; $attempts <= 30; $attempts++) {
            self::assertLessThanOrEqual(3600, Backoff::delaySeconds($attempts, 0.999999));
            self::assertGreaterThan(Backoff::delaySeconds($attempts, 0.0), Backoff::delaySeconds($attempts, 0.5));
        }
    }

    public function testTheHubMayAskForMoreTimeButNotForEver(): void
    {
        self::assertSame(120, Backoff::atLeast(10, '120'));
        self::assertSame(10, Backoff::atLeast(10, '2'));
        self::assertSame(3600, Backoff::atLeast(10, '999999'));
        self::assertSame(10, Backoff::atLeast(10, 'Wed, 21 Oct 2026 07:28:00 GMT'));
        self::assertSame(10, Backoff::atLeast(10, null));
    }

    public function testGivesUpAfterAWeekAndNotBeforeThreeDays(): void
    {
        self::assertFalse(Backoff::givesUp(0, 5000000));
        self::assertFalse(Backoff::givesUp(1000, 1000 + 3 * 86400));
        self::assertFalse(Backoff::givesUp(1000, 1000 + 7 * 86400 - 1));
        self::assertTrue(Backoff::givesUp(1000, 1000 + 7 * 86400));
    }
}

<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Tests\Domain;

use PHPUnit\Framework\TestCase;
use Upline\WooCommerce\Domain\SlidingWindow;
use Upline\WooCommerce\Domain\Visitor;

final class VisitorTest extends TestCase
{
    public function testTheWaitEndsAlthoughSomebodyGoesOnAsking(): void
    {
        $times = [];
        $allowed = [];
        for ($now = 1000; $now < 1120; $now++) {
            $kept = SlidingWindow::take($times, $now, 20);
            if ($kept !== null) {
                $times = $kept;
                $allowed[] = $now;
            }
        }

        self::assertSame(array_merge(range(1000, 1019), range(1060, 1079)), $allowed);
    }

    public function testNoMinuteHasMoreThanTheLimitAndTheListStaysShort(): void
    {
        $times = [];
        foreach ([0, 0, 30, 59, 60, 61, 61, 119, 120] as $now) {
            $times = SlidingWindow::take($times, $now, 3) ?? $times;
            self::assertLessThanOrEqual(3, count($times));
        }
        self::assertSame([61, 119, 120], $times);
    }

    public function testADirectVisitorIsCountedByAddress(): void
    {
        self::assertSame(['203.0.114.9' => 20], Visitor::limits(['REMOTE_ADDR' => '203.0.114.9'], ''));
    }

    public function testBehindAProxyTheVisitorItNamesHasTheNarrowLimit(): void
    {
        $limits = Visitor::limits(['REMOTE_ADDR' => '10.0.0.2', 'HTTP_X_FORWARDED_FOR' => '198.51.99.1, 203.0.114.9, 10.0.0.7'], '');

        self::assertSame(['10.0.0.2 for 203.0.114.9' => 20, '10.0.0.2' => 600], $limits);
    }

    public function testBuyersBehindAProxyThatNamesNobodyAreCountedGenerously(): void
    {
        self::assertSame(['127.0.0.1' => 600], Visitor::limits(['REMOTE_ADDR' => '127.0.0.1'], ''));
    }

    public function testMadeUpAddressesDoNotGetAroundTheLimitOfWhereTheyComeFrom(): void
    {
        $limits = Visitor::limits(['REMOTE_ADDR' => '203.0.114.9', 'HTTP_X_REAL_IP' => '8.8.4.' . random_int(1, 250)], '');

        self::assertSame(600, $limits['203.0.114.9']);
    }

    public function testWhatTheHostTellsCounts(): void
    {
        self::assertSame(['203.0.114.77' => 20], Visitor::limits(['REMOTE_ADDR' => '10.0.0.2'], '203.0.114.77'));
    }
}

<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Tests\Shop;

final class LoopbackTest extends InShop
{
    public function testAWayThatFailedIsNotTriedAgainAtEveryCheckout(): void
    {
        $outcome = self::inShop('loopback', []);

        self::assertSame(['first' => false, 'second' => false, 'cameAnyway' => false, 'afterForgetting' => true], $outcome);
    }
}

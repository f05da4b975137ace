<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Tests\Shop;

/** Orders that are in the hub's books under another store of the same shop would be booked a second time. */
final class SendAgainTest extends InShop
{
    /**
     * @testWith ["st_test", 1]
     *           ["st_another", 0]
     */
    public function testOrdersFromBeforeANewStoreAreLeftOut(string $storeBefore, int $old): void
    {
        self::assertSame(['old' => $old, 'new' => 1], self::inShop('again', ['storeBefore' => $storeBefore]));
    }
}

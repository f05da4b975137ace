<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Tests\Shop;

/** "Deleted" takes a commission back for good: only an order that is gone may be called so. */
final class DeletedOrderTest extends InShop
{
    /**
     * @testWith ["yes"]
     *           ["no"]
     */
    public function testAnOrderThatCannotBeReadWaitsAndIsNotCalledDeleted(string $hpos): void
    {
        $outcome = self::inShop('unreadable', ['options' => ['woocommerce_custom_orders_table_enabled' => $hpos]]);

        self::assertSame(['gone' => ['order.deleted']], $outcome['types']);
        self::assertSame([], $outcome['left']);
        self::assertCount(1, $outcome['waiting']);
        self::assertStringContainsString('cannot read it now', $outcome['waiting'][0]['last_problem']);
    }
}

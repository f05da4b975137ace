<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Tests\Shop;

/** What the hub hears last of an order is what the shop holds, whatever happened while the hub was answering. */
final class ChangedDuringDeliveryTest extends InShop
{
    /** @dataProvider changes */
    public function testTheLastStateSentIsTheShopsOwn(string $what, string $hpos, string $expected): void
    {
        $outcome = self::inShop('deliver', ['what' => $what, 'options' => ['woocommerce_custom_orders_table_enabled' => $hpos]]);

        self::assertSame($hpos === 'yes', $outcome['hpos']);
        self::assertSame($expected, $outcome['now']);
        self::assertSame($expected, end($outcome['sent']));
        self::assertSame([], $outcome['waiting']);
    }

    /** @return iterable<string, array{string, string, string}> */
    public function changes(): iterable
    {
        $states = ['paid' => 'processing, refunds 0', 'refunded' => 'processing, refunds 1',
            'refund deleted' => 'processing, refunds 0', 'deleted' => 'deleted, refunds 0'];
        foreach ($states as $what => $expected) {
            foreach (['yes', 'no'] as $hpos) {
                yield "$what, HPOS $hpos" => [$what, $hpos, $expected];
            }
        }
    }
}

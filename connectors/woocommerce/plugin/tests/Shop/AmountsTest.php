<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Tests\Shop;

/** What a shop shows rounded is sent as it is kept. */
final class AmountsTest extends InShop
{
    /**
     * @testWith ["0"]
     *           ["2"]
     */
    public function testEveryAmountHasAllItsDecimals(string $shown): void
    {
        $amounts = self::inShop('amounts', ['options' => ['woocommerce_price_num_decimals' => $shown]]);

        $expected = ['line' => '39.6639', 'subtotal' => '44.9000', 'fee' => '-5.2500', 'refund' => '3.3300', 'refundLine' => '-3.3300'];
        self::assertSame($expected, $amounts);
    }
}

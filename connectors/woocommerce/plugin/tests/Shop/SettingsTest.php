<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Tests\Shop;

/** A word that the shop uses itself cannot be taken for referral links: its pages, filters or API would be gone. */
final class SettingsTest extends InShop
{
    private const REFUSED = [
        'prefix' => ['team', 'shop', 'checkout', 'product', 'product-category', 'wp-json', 'wp-admin', 'wp-login', 'feed', 'Ümlaut', '', 'a/b'],
        'parameter' => ['add-to-cart', 's', 'p', 'orderby', 'min_price', 'filter_color', 'attribute_size', 'utm_source', 'wc-ajax', 'key',
            'order-received', 'product_cat', 'rest_route', 'lang', 'x y', ''],
        'window_days' => ['0', '366', 'soon'],
    ];
    private const TAKEN = ['prefix' => ['go', 'empfehlung', 'r'], 'parameter' => ['via', 'code_of', 'ref'], 'window_days' => ['1', '365']];

    public function testWhatWouldBreakTheShopIsRefusedAndTheRestIsTaken(): void
    {
        $tried = [];
        $expected = [];
        $usual = ['prefix' => 'r', 'parameter' => 'ref', 'window_days' => '30'];
        foreach (self::REFUSED as $name => $values) {
            foreach ($values as $value) {
                $tried[] = [$name, $value];
                $expected[] = [$name, $value, true, $usual[$name]];
            }
        }
        foreach (self::TAKEN as $name => $values) {
            foreach ($values as $value) {
                $tried[] = [$name, $value];
                $expected[] = [$name, $value, false, $value];
            }
        }

        self::assertSame($expected, self::inShop('settings', ['tried' => $tried])['outcomes']);
    }
}

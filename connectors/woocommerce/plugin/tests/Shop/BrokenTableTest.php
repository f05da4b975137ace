<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Tests\Shop;

/** A checkout never leaves nothing behind in silence. */
final class BrokenTableTest extends InShop
{
    /**
     * @testWith ["missing"]
     *           ["column"]
     */
    public function testWhatCanBeMendedIsMendedAtTheCheckout(string $damage): void
    {
        $outcome = self::inShop('broken-table', ['damage' => $damage]);

        self::assertSame(1, $outcome['rows']);
        self::assertSame([], $outcome['kept']);
        self::assertSame('', $outcome['problem']);
    }

    public function testWhatCannotBeMendedIsKeptAndSaid(): void
    {
        $outcome = self::inShop('broken-table', ['damage' => 'not a table']);

        self::assertContains('order ' . $outcome['order'], $outcome['kept']);
        self::assertNotSame('', $outcome['problem']);
        self::assertSame('', $outcome['mended']);
        self::assertSame(1, $outcome['rowsThen']);
        self::assertSame(0, $outcome['keptThen']);
    }
}

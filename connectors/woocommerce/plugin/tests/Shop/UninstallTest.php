<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Tests\Shop;

final class UninstallTest extends InShop
{
    /**
     * @testWith [false, ["DELETE /connect"]]
     *           [true, []]
     */
    public function testNothingStaysButTheEvidenceAndTheHubIsTold(bool $isCopy, array $asked): void
    {
        $outcome = self::inShop('uninstall', ['isCopy' => $isCopy]);

        self::assertSame(['asked' => $asked, 'options' => [], 'tables' => [], 'actions' => 0, 'code' => 'ANNA77'], $outcome);
    }
}

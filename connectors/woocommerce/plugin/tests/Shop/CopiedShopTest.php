<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Tests\Shop;

/** A staging copy has the live shop's keys and order numbers: it must not write into the live shop's books. */
final class CopiedShopTest extends InShop
{
    public function testTheShopItselfSendsItsAddress(): void
    {
        $outcome = self::inShop('copy', ['isCopy' => false]);

        self::assertSame($outcome['home'], $outcome['asked'][0][2]);
        self::assertSame(0, $outcome['waitingAfter']);
    }

    public function testACopySendsNothingUntilSomebodyHasSaidWhatItIs(): void
    {
        $outcome = self::inShop('copy', []);

        self::assertSame([], $outcome['asked']);
        self::assertSame(1, $outcome['waitingBefore']);
        self::assertSame(2, $outcome['waitingAfter']);
    }

    public function testASilentCopyNotesNothing(): void
    {
        $outcome = self::inShop('copy', ['says' => 'silence']);

        self::assertSame([], $outcome['asked']);
        self::assertSame(0, $outcome['waitingAfter']);
    }

    public function testAMovedShopTellsTheHubAndThenSendsWhatHasWaited(): void
    {
        $outcome = self::inShop('copy', ['says' => 'moved']);

        self::assertSame(['POST', '/connect/moved', $outcome['home'], 'https://live.example'], $outcome['asked'][0]);
        self::assertTrue($outcome['isHere']);
        self::assertSame(0, $outcome['waitingAfter']);
        self::assertContains('/ingest/woocommerce/st_test', array_column($outcome['asked'], 1));
    }

    public function testAHubThatDoesNotAgreeGetsNothing(): void
    {
        $outcome = self::inShop('copy', ['says' => 'moved', 'movedStatus' => 404]);

        self::assertStringContainsString('too old', $outcome['problem']);
        self::assertSame(['/connect/moved'], array_column($outcome['asked'], 1));
        self::assertSame(2, $outcome['waitingAfter']);
    }

    public function testWhatTheHubRefusesAsACopyWaitsAndIsNotDead(): void
    {
        $outcome = self::inShop('copy', ['isCopy' => false, 'hubRefuses' => true]);

        self::assertCount(1, $outcome['asked']);
        self::assertSame('waiting', $outcome['state']);
        self::assertFalse($outcome['isHere']);
        self::assertSame('https://live.example', $outcome['known']);
    }

    public function testACopyThatForgetsItsKeysLeavesTheLiveShopConnected(): void
    {
        $outcome = self::inShop('copy', ['says' => 'disconnect']);

        self::assertSame([], $outcome['asked']);
    }

    public function testAShopThatMovedWhileItWasDisconnectedKeepsItsStore(): void
    {
        $outcome = self::inShop('copy', ['says' => 'moved, then connected']);

        self::assertSame(['st_test', false, true], [$outcome['store'], $outcome['isNew'], $outcome['isHere']]);
    }

    public function testACopyThatIsConnectedForItselfDoesNotTakeTheLiveShopsStore(): void
    {
        $outcome = self::inShop('copy', ['says' => 'connected for itself']);

        self::assertSame(['st_new', true], [$outcome['store'], $outcome['isNew']]);
        self::assertNotContains(['DELETE', '/connect', null, null], $outcome['asked']);
        self::assertCount(1, array_keys(array_column($outcome['asked'], 1), '/ingest/woocommerce/st_new', true));
    }
}

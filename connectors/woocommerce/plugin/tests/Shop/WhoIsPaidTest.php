<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Tests\Shop;

/** Shop and hub agree on who is paid: the hub decides what counts first, and nothing on the order says otherwise. */
final class WhoIsPaidTest extends InShop
{
    private const ALL = ['cookie' => 'ANNA77', 'coupon' => 'BEN12', 'typed' => 'carla9'];

    /** @dataProvider orders */
    public function testTheCompanysOrderOfEvidenceDecides(?array $order, string $code, string $via): void
    {
        $outcome = self::inShop('attribution', self::ALL + ['order' => $order]);

        self::assertSame([$code, $via], [$outcome['code'], $outcome['via']]);
        self::assertCount(3, $outcome['touch']['candidates']);
    }

    /** @return iterable<string, array{?array<int, string>, string, string}> */
    public function orders(): iterable
    {
        yield 'not set' => [null, 'BEN12', 'coupon'];
        yield 'the field first' => [['manual', 'checkout-field', 'discount-code', 'cart-attribute'], 'CARLA9', 'checkout-field'];
        yield 'the link first' => [['manual', 'cart-attribute', 'discount-code', 'checkout-field'], 'ANNA77', 'cookie'];
    }

    public function testAnEmptiedFieldMeansNobodyWhereverTheLinkIsWritten(): void
    {
        $outcome = self::inShop('attribution', ['cookie' => 'ANNA77', 'typed' => '']);

        self::assertSame(['', 'buyer', null], [$outcome['code'], $outcome['nobody'], $outcome['touch']]);
        self::assertLanding('/tea/?utm_source=news', $outcome);
    }

    public function testAnEmptiedFieldDoesNotTakeACouponBack(): void
    {
        $outcome = self::inShop('attribution', ['cookie' => 'ANNA77', 'typed' => '', 'coupon' => 'BEN12']);

        self::assertSame(['BEN12', 'coupon', 'buyer'], [$outcome['code'], $outcome['via'], $outcome['nobody']]);
        self::assertStringNotContainsString('ANNA77', (string) json_encode($outcome['touch']));
    }

    public function testWhereNoFieldIsShownTheLinkCounts(): void
    {
        $outcome = self::inShop('attribution', ['cookie' => 'ANNA77']);

        self::assertSame(['ANNA77', 'cookie', ''], [$outcome['code'], $outcome['via'], $outcome['nobody']]);
        self::assertLanding('/tea/?ref=ANNA77&utm_source=news', $outcome);
    }

    public function testTheShopsPeopleCanClearAnOrder(): void
    {
        $outcome = self::inShop('attribution', ['cookie' => 'ANNA77', 'cleared' => true]);

        self::assertSame(['', '', 'shop'], [$outcome['code'], $outcome['via'], $outcome['nobody']]);
        self::assertLanding('/tea/?utm_source=news', $outcome);
    }

    public function testAnUnknownCodeIsSaidSoAtCheckoutAlsoWithoutAScript(): void
    {
        $outcome = self::inShop('attribution', ['typed' => 'NOSUCH9']);

        self::assertStringContainsString('NOSUCH9', (string) $outcome['problem']);
    }

    public function testAnUnknownCodeIsInTheShopsMailAndNeverInTheBuyers(): void
    {
        $outcome = self::inShop('attribution', ['cookie' => 'NOSUCH9', 'lookedUp' => ['NOSUCH9']]);

        self::assertSame('NOSUCH9', $outcome['code']);
        self::assertStringContainsString('nobody has this code', $outcome['mails']['shop']);
        self::assertStringNotContainsString('NOSUCH9', $outcome['mails']['buyer']);
    }

    public function testTheShopsMailDoesNotSpeakToTheBuyer(): void
    {
        $outcome = self::inShop('attribution', ['cookie' => 'ANNA77', 'lookedUp' => ['ANNA77']]);

        self::assertStringContainsString('Anna M. (ANNA77)', $outcome['mails']['shop']);
        self::assertStringNotContainsString('You are supporting', $outcome['mails']['shop']);
        self::assertMatchesRegularExpression('/You are supporting:\s*Anna M\./', $outcome['mails']['buyer']);
    }

    /**
     * WooCommerce keeps the landing page itself since 8.5.
     *
     * @param array<string, mixed> $outcome
     */
    private static function assertLanding(string $expected, array $outcome): void
    {
        self::assertSame(version_compare($outcome['woocommerce'], '8.5', '<') ? '' : $expected, $outcome['landing']);
    }
}

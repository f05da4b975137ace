<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Tests\Domain;

use PHPUnit\Framework\TestCase;
use Upline\WooCommerce\Domain\Candidates;

final class CandidatesTest extends TestCase
{
    public function testTheHubsOrderDecides(): void
    {
        $orders = [
            [Candidates::DEFAULT_ORDER, ['BEN12', 'CARLA9', 'ANNA77']],
            [['checkout-field', 'discount-code', 'cart-attribute'], ['CARLA9', 'BEN12', 'ANNA77']],
            [['cart-attribute', 'checkout-field', 'discount-code'], ['ANNA77', 'CARLA9', 'BEN12']],
        ];
        foreach ($orders as [$order, $expected]) {
            $candidates = (new Candidates($order))->add('cookie', 'anna77')->add('coupon', 'BEN12')->add('checkout-field', 'carla9');

            self::assertSame($expected, array_column($candidates->ranked(), 'code'));
        }
    }

    public function testWhatTheHubDoesNotRankDoesNotCount(): void
    {
        $candidates = (new Candidates(['discount-code']))->add('cookie', 'ANNA77')->add('checkout-field', 'CARLA9');

        self::assertNull($candidates->best());
    }

    public function testACodeThatLeadsNowhereGivesWay(): void
    {
        $isUnknown = static function (string $code): bool {
            return $code !== 'ANNA77';
        };
        $candidates = (new Candidates())->add('cookie', 'ANNA77')->add('checkout-field', 'NOSUCH9');

        self::assertSame(['via' => 'cookie', 'code' => 'ANNA77'], $candidates->best($isUnknown));
        self::assertSame('NOSUCH9', (new Candidates())->add('checkout-field', 'NOSUCH9')->best($isUnknown)['code']);
    }

    public function testAnUntouchedPrefilledFieldStaysALink(): void
    {
        $candidates = (new Candidates())->add('path', 'ANNA77')->add('checkout-field', 'ANNA77');

        self::assertSame([['via' => 'path', 'code' => 'ANNA77']], $candidates->ranked());
    }

    public function testTheFirstOfTwoCouponsCounts(): void
    {
        $candidates = (new Candidates())->add('coupon', 'BEN12')->add('coupon', 'ANNA77');

        self::assertSame('BEN12', $candidates->best()['code']);
    }

    public function testNothingIsNothing(): void
    {
        self::assertNull((new Candidates())->add('checkout-field', '')->add('coupon', null)->add('unheard-of', 'ANNA77')->best());
    }
}

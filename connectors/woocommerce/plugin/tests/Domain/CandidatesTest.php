<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Tests\Domain;

use PHPUnit\Framework\TestCase;
use Upline\WooCommerce\Domain\Candidates;

final class CandidatesTest extends TestCase
{
    public function testTheBuyersWordBeatsCouponBeatsLink(): void
    {
        $candidates = (new Candidates())->add('cookie', 'anna77')->add('coupon', 'BEN12')->add('checkout-field', 'carla9');

        self::assertSame(['via' => 'checkout-field', 'code' => 'CARLA9'], $candidates->best());
        self::assertSame(['CARLA9', 'BEN12', 'ANNA77'], array_column($candidates->ranked(), 'code'));
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

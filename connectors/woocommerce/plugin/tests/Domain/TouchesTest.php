<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Tests\Domain;

use PHPUnit\Framework\TestCase;
use Upline\WooCommerce\Domain\Touches;

final class TouchesTest extends TestCase
{
    private const NOW = 1800000000;
    private const WINDOW = 30 * 86400;

    public function testFirstStaysAndLastMoves(): void
    {
        $touches = $this->none()
            ->add('ANNA77', self::NOW - 1000, '/shop/', 'cookie')
            ->add('BEN12', self::NOW, '/r/BEN12', 'path');

        self::assertSame('ANNA77', $touches->winner('first')['code']);
        self::assertSame('BEN12', $touches->winner('last')['code']);
        self::assertSame(
            [
                'first' => ['code' => 'ANNA77', 'at' => '2027-01-15T07:43:20Z', 'path' => '/shop/'],
                'last' => ['code' => 'BEN12', 'at' => '2027-01-15T08:00:00Z', 'path' => '/r/BEN12'],
            ],
            $touches->evidence()
        );
    }

    public function testSurvivesTheCookie(): void
    {
        $touches = $this->none()->add('ANNA77', self::NOW - 1000, '/shop/', 'cookie')->add('BEN12', self::NOW, '/', 'path');
        $read = Touches::decode($touches->encode(), self::NOW, self::WINDOW);

        self::assertSame('{"f":["ANNA77",1799999000,"/shop/","cookie"],"l":["BEN12",1800000000,"/","path"]}', $touches->encode());
        self::assertEquals($touches, $read);
    }

    public function testARedirectAndItsPageAreOneVisit(): void
    {
        $touches = $this->none()->add('ANNA77', self::NOW, '/r/ANNA77', 'path')->add('ANNA77', self::NOW + 2, '/', 'cookie');

        self::assertSame('path', $touches->winner('last')['via']);
        self::assertSame('/r/ANNA77', $touches->winner('last')['path']);
    }

    public function testTheWindowForgets(): void
    {
        $old = $this->none()->add('ANNA77', self::NOW - self::WINDOW - 1, '/', 'cookie');
        $cookie = $old->add('BEN12', self::NOW, '/', 'cookie')->encode();
        $touches = Touches::decode($cookie, self::NOW, self::WINDOW);

        self::assertSame('BEN12', $touches->winner('first')['code']);
        self::assertSame('BEN12', $touches->winner('last')['code']);
        self::assertNull(Touches::decode($cookie, self::NOW + self::WINDOW + 1, self::WINDOW)->winner('last'));
    }

    /** @dataProvider broken */
    public function testReadsBrokenCookiesAsNone(string $cookie): void
    {
        self::assertNull(Touches::decode($cookie, self::NOW, self::WINDOW)->winner('last'));
    }

    /** @return array<string, array{string}> */
    public static function broken(): array
    {
        return [
            'empty' => [''],
            'no json' => ['ANNA77'],
            'other json' => ['[1,2]'],
            'future' => ['{"l":["ANNA77",1900000000,"/","cookie"]}'],
            'text time' => ['{"l":["ANNA77","1800000000","/","cookie"]}'],
            'markup' => ['{"l":["<b>",1800000000,"/","cookie"]}'],
            'nested' => ['{"l":[["ANNA77"],1800000000]}'],
            'too long' => ['{"l":["ANNA77",1800000000,"/' . str_repeat('a', 1000) . '","cookie"]}'],
        ];
    }

    public function testForeignPathsAndViasAreNotKept(): void
    {
        $touches = Touches::decode('{"l":["ANNA77",1800000000,"javascript:1","admin"]}', self::NOW, self::WINDOW);

        self::assertSame(['code' => 'ANNA77', 'at' => self::NOW, 'path' => '/', 'via' => 'cookie'], $touches->winner('last'));
    }

    private function none(): Touches
    {
        return Touches::decode('', self::NOW, self::WINDOW);
    }
}

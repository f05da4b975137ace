<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Tests\Domain;

use PHPUnit\Framework\TestCase;
use Upline\WooCommerce\Domain\ReferralCode;

final class ReferralCodeTest extends TestCase
{
    public function testCapitalsAndSpaces(): void
    {
        self::assertSame('ANNA77', ReferralCode::parse(' anna77 '));
        self::assertSame('A-B_C.9', ReferralCode::parse('a-b_c.9'));
    }

    /** @dataProvider noCodes */
    public function testRefuses(string $typed): void
    {
        self::assertNull(ReferralCode::parse($typed));
    }

    /** @return array<string, array{string}> */
    public static function noCodes(): array
    {
        return [
            'empty' => [''],
            'one letter' => ['A'],
            'too long' => [str_repeat('A', 41)],
            'markup' => ['<script>'],
            'space inside' => ['ANNA 77'],
            'line break at the end of the pattern' => ["ANNA\n77"],
            'leading hyphen' => ['-ANNA'],
            'not ascii' => ['ÄNNA'],
        ];
    }

    public function testCodeInAPath(): void
    {
        self::assertSame('ANNA77', ReferralCode::inPath('/r/anna77', '/', 'r'));
        self::assertSame('ANNA77', ReferralCode::inPath('/r/ANNA77/', '', 'r'));
        self::assertSame('ANNA77', ReferralCode::inPath('/shop/r/ANNA77', '/shop', 'r'));
        self::assertNull(ReferralCode::inPath('/r/ANNA77', '/shop', 'r'));
        self::assertNull(ReferralCode::inPath('/r/', '/', 'r'));
        self::assertNull(ReferralCode::inPath('/r/ANNA77/more', '/', 'r'));
        self::assertNull(ReferralCode::inPath('/rest/ANNA77', '/', 'r'));
    }
}

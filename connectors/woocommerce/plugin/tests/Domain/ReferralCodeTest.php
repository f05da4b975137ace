<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Tests\Domain;

use PHPUnit\Framework\TestCase;
use Upline\WooCommerce\Domain\CodeRule;
use Upline\WooCommerce\Domain\ReferralCode;

final class ReferralCodeTest extends TestCase
{
    public function testCapitalsAndSpaces(): void
    {
        self::assertSame('ANNA77', ReferralCode::parse(' anna77 '));
        self::assertSame('A-B_C.9', ReferralCode::parse('a-b_c.9'));
    }

    /** @dataProvider sharedCases */
    public function testTheHubsOwnTable(string $typed, ?string $code): void
    {
        self::assertSame($code, CodeRule::read($typed));
    }

    /** @return iterable<string, array{string, ?string}> */
    public static function sharedCases(): iterable
    {
        $table = __DIR__ . '/../../../../../packages/core/src/referral-code-cases.json';
        // Half a character cannot be told in PHP: no JSON with one is read.
        $json = preg_replace('/,\s*\{[^{}]*half a character[^{}]*\}/', '', (string) file_get_contents($table));
        foreach (json_decode((string) $json, true, 8, JSON_THROW_ON_ERROR) as $number => $case) {
            yield $number . ' ' . ($case['why'] ?? $case['typed']) => [$case['typed'], $case['code']];
        }
    }

    public function testWhatIsNoUtf8IsNoCode(): void
    {
        self::assertNull(ReferralCode::parse("ANNA\xE4"));
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
        self::assertSame('ANNA/77', ReferralCode::inPath('/r/anna%2F77', '/', 'r'));
    }
}

<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Tests\Domain;

use PHPUnit\Framework\TestCase;
use Upline\WooCommerce\Domain\ConnectionCode;

final class ConnectionCodeTest extends TestCase
{
    public function testHoldsTheHubsAddress(): void
    {
        self::assertSame('https://hub.example.com', ConnectionCode::origin(self::code('https://hub.example.com')));
        self::assertSame('http://127.0.0.1:8080', ConnectionCode::origin(' ' . self::code('http://127.0.0.1:8080') . "\n"));
    }

    /** @dataProvider noOrigins */
    public function testRefusesOtherCodes(string $code): void
    {
        self::assertNull(ConnectionCode::origin($code));
    }

    /** @return array<string, array{string}> */
    public static function noOrigins(): array
    {
        return [
            'empty' => [''],
            'no dot' => ['abc'],
            'no random part' => [self::code('https://hub.example.com', '')],
            'plain http elsewhere' => [self::code('http://hub.example.com')],
            'another protocol' => [self::code('ftp://hub.example.com')],
            'no base64' => ['***.abc'],
            'binary' => [self::code("https://hub\x00.example")],
            'someone at a host' => [self::code('https://hub.example.com@evil.example')],
        ];
    }

    public function testTypedAddresses(): void
    {
        self::assertSame('https://hub.example.com', ConnectionCode::hubOrigin('Hub.Example.com/'));
        self::assertSame('https://hub.example.com:8443', ConnectionCode::hubOrigin('https://hub.example.com:8443/a/b?c'));
        self::assertSame('http://localhost:8080', ConnectionCode::hubOrigin('http://localhost:8080'));
        self::assertNull(ConnectionCode::hubOrigin('http://hub.example.com'));
        self::assertNull(ConnectionCode::hubOrigin('not an address'));
    }

    private static function code(string $origin, string $random = 'kJ82_x-9'): string
    {
        return rtrim(strtr(base64_encode($origin), '+/', '-_'), '=') . '.' . $random;
    }

    /**
     * @testWith ["http://hub.example.com", "plain"]
     *           ["HTTP://hub.example.com/", "plain"]
     *           ["ftp://hub.example.com", "malformed"]
     *           ["http://", "malformed"]
     *           ["hub example", "malformed"]
     *           ["hub.example.com", null]
     *           ["http://127.0.0.1:3000", null]
     */
    public function testAnAddressIsRefusedForTheTrueReason(string $typed, ?string $reason): void
    {
        self::assertSame($reason, ConnectionCode::whyNot($typed));
    }
}

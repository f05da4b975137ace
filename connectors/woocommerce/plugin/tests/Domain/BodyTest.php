<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Tests\Domain;

use PHPUnit\Framework\TestCase;
use Upline\WooCommerce\Domain\Body;
use Upline\WooCommerce\Domain\Sealed;

final class BodyTest extends TestCase
{
    public function testTheEnvelope(): void
    {
        $order = ['id' => 7, 'total' => '10.00', 'price' => 10.0, 'name' => 'Öl/Tee'];
        $body = Body::build('order.updated', ['order' => $order], 1800000000.0456);

        self::assertSame(
            '{"type":"order.updated","timestamp":"2027-01-15T08:00:00.045Z",'
            . '"data":{"order":{"id":7,"total":"10.00","price":10.0,"name":"Öl/Tee"}}}',
            $body
        );
    }

    public function testBrokenTextFromThePastDoesNotStopAnOrder(): void
    {
        self::assertStringContainsString("\"a\u{fffd}b\"", Body::build('order.updated', ['note' => "a\xffb"], 0.0));
    }

    public function testMillisecondsArePadded(): void
    {
        self::assertSame('2027-01-15T08:00:00.000Z', Body::instant(1800000000.0));
        self::assertSame('2027-01-15T07:59:59.999Z', Body::instant(1799999999.9999));
    }

    public function testSecretsSurviveSealing(): void
    {
        $sealed = Sealed::seal('whsec_abc', 'a long passphrase');

        self::assertTrue(Sealed::isSealed($sealed));
        self::assertStringNotContainsString('whsec', $sealed);
        self::assertSame('whsec_abc', Sealed::open($sealed, 'a long passphrase'));
        self::assertNull(Sealed::open($sealed, 'another passphrase'));
        self::assertNull(Sealed::open(substr($sealed, 0, -4) . 'AAAA', 'a long passphrase'));
        self::assertNull(Sealed::open('whsec_abc', 'a long passphrase'));
        self::assertNotSame($sealed, Sealed::seal('whsec_abc', 'a long passphrase'));
    }
}

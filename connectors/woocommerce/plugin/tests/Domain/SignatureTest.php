<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Tests\Domain;

use InvalidArgumentException;
use PHPUnit\Framework\TestCase;
use Upline\WooCommerce\Domain\Signature;

final class SignatureTest extends TestCase
{
    /** The example of the Standard Webhooks specification. */
    public function testSignsThePublishedExample(): void
    {
        $headers = Signature::headers(
            'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
            'msg_p5jXN8AQM9LWM0D4loKWxJek',
            1614265330,
            '{"test": 2432232314}'
        );

        self::assertSame('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=', $headers['webhook-signature']);
        self::assertSame('msg_p5jXN8AQM9LWM0D4loKWxJek', $headers['webhook-id']);
        self::assertSame('1614265330', $headers['webhook-timestamp']);
    }

    /** @dataProvider unusable */
    public function testRefusesWhatIsNoSecret(string $secret): void
    {
        $this->expectException(InvalidArgumentException::class);
        Signature::headers($secret, 'id', 1, '{}');
    }

    /** @return array<string, array{string}> */
    public static function unusable(): array
    {
        return ['no prefix' => ['MfKQ9r8G'], 'empty' => [''], 'empty key' => ['whsec_'], 'not base64' => ['whsec_***']];
    }
}

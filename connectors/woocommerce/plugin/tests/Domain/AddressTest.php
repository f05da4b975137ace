<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Tests\Domain;

use PHPUnit\Framework\TestCase;
use Upline\WooCommerce\Domain\Address;

final class AddressTest extends TestCase
{
    /**
     * @testWith ["https://shop.example", "http://shop.example/"]
     *           ["https://www.shop.example", "https://SHOP.example"]
     *           ["https://shop.example:443/tea/", "http://shop.example/Tea"]
     *           ["http://127.0.0.1:8080", "http://127.0.0.1:8080/"]
     */
    public function testTheSameShop(string $one, string $other): void
    {
        self::assertTrue(Address::isSame($one, $other));
    }

    /**
     * @testWith ["https://shop.example", "https://staging.shop.example"]
     *           ["https://shop.example", "https://shop.example/staging"]
     *           ["http://127.0.0.1:8080", "http://127.0.0.1:8081"]
     *           ["https://shop.example", "https://shop.example.org"]
     *           ["", ""]
     *           ["https://shop.example", "shop.example"]
     */
    public function testAnotherShop(string $one, string $other): void
    {
        self::assertFalse(Address::isSame($one, $other));
    }
}

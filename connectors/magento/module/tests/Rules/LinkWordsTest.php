<?php

declare(strict_types=1);

namespace Upline\Connector\Tests\Rules;

use PHPUnit\Framework\TestCase;
use Upline\Connector\Rules\LinkWords;

final class LinkWordsTest extends TestCase
{
    public function testWhatTheShopUsesItselfIsRefused(): void
    {
        self::assertSame('', LinkWords::whyNoParameter('ref'));
        self::assertSame('taken', LinkWords::whyNoParameter('q'));
        self::assertSame('taken', LinkWords::whyNoParameter('utm_source'));
        self::assertSame('malformed', LinkWords::whyNoParameter('Ref!'));
        self::assertSame('', LinkWords::whyNoPrefix('r'));
        self::assertSame('taken', LinkWords::whyNoPrefix('checkout'));
        self::assertSame('malformed', LinkWords::whyNoPrefix("r\n"));
    }

    public function testAnEmptyPrefixSwitchesShortLinksOff(): void
    {
        self::assertSame('', LinkWords::whyNoPrefix(''));
        self::assertSame('malformed', LinkWords::whyNoParameter(''));
    }
}

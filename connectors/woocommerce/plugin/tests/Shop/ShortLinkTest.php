<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Tests\Shop;

/** Over HTTP: the shop at UPLINE_WP_URL has to run. */
final class ShortLinkTest extends InShop
{
    public function testTheCampaignSurvivesTheShortLink(): void
    {
        $context = stream_context_create(['http' => ['follow_location' => 0, 'ignore_errors' => true, 'header' => 'Connection: close']]);
        $headers = get_headers(getenv('UPLINE_WP_URL') . '/r/ANNA77?utm_source=news%20letter&utm_campaign=may&gclid=x1&page_id=9', true, $context);
        parse_str((string) parse_url((string) $headers['Location'], PHP_URL_QUERY), $query);

        self::assertStringContainsString('302', $headers[0]);
        self::assertSame(['utm_source' => 'news letter', 'utm_campaign' => 'may', 'gclid' => 'x1', 'ref' => 'ANNA77'], $query);
    }
}

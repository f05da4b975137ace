<?php

declare(strict_types=1);

namespace Upline\Connector\Rules;

/** Which words referral links may use: one that the shop uses itself would take its pages or filters away. */
class LinkWords
{
    private const PARAMETERS = ['q', 'p', 'id', 'cat', 'price', 'dir', 'mode', 'limit', 'product_list_dir', 'product_list_limit',
        'product_list_mode', 'product_list_order', 'options', 'qty', 'form_key', 'uenc', 'isajax', 'ajax', 'key', 'token', 'email',
        'password', 'coupon', 'code', 'store', 'sid', 'referer', 'review', 'product', 'order', 'order_id', 'page', 'sections',
        'section', 'update_section_id', 'from_store', 'gclid', 'fbclid'];
    private const PREFIXES = ['admin', 'adminhtml', 'api', 'captcha', 'catalog', 'catalogsearch', 'checkout', 'cms', 'contact',
        'cookie', 'customer', 'directory', 'downloadable', 'errors', 'giftmessage', 'graphql', 'health_check', 'index', 'media',
        'multishipping', 'newsletter', 'oauth', 'page_cache', 'paypal', 'persistent', 'product', 'pub', 'rest', 'review', 'robots',
        'rss', 'sales', 'search', 'security', 'sendfriend', 'setup', 'shipping', 'sitemap', 'soap', 'static', 'store', 'stores',
        'swatches', 'swagger', 'tax', 'theme', 'update', 'upline', 'vault', 'wishlist'];

    /** "" where the word can be a parameter, else "malformed" or "taken". */
    public static function whyNoParameter(string $word): string
    {
        if (preg_match('/^[a-z][a-z0-9_-]{0,19}$/D', $word) !== 1) {
            return 'malformed';
        }

        return in_array($word, self::PARAMETERS, true) || strncmp($word, 'utm_', 4) === 0 ? 'taken' : '';
    }

    /** "" where the word can begin a short link, else "malformed" or "taken". An empty word switches short links off. */
    public static function whyNoPrefix(string $word): string
    {
        if ($word === '') {
            return '';
        }
        if (preg_match('/^[a-z][a-z0-9-]{0,19}$/D', $word) !== 1) {
            return 'malformed';
        }

        return in_array($word, self::PREFIXES, true) ? 'taken' : '';
    }
}

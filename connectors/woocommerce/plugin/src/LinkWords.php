<?php

declare(strict_types=1);

namespace Upline\WooCommerce;

/** Which words referral links may use: one that the shop uses itself would take its pages, filters or API away. */
final class LinkWords
{
    /** Parameters that WooCommerce, WordPress and their usual company read without declaring them. */
    private const PARAMETERS = [
        'action', 'add-to-cart', 'apply_coupon', 'cancel_order', 'consumer_key', 'consumer_secret', 'coupon', 'customer_id',
        'doing_wp_cron', 'email', 'fbclid', 'gclid', 'key', 'lang', 'login', 'max_price', 'min_price', 'nonce', 'on_sale', 'order_again',
        'order_id', 'order', 'pay_for_order', 'password', 'payment_method', 'post', 'product_id', 'product-page', 'product_count',
        'quantity', 'query_type', 'rating_filter', 'redirect', 'redirect_to', 'remove_coupon', 'remove_item', 'removed_item',
        'reset-link-sent', 'rest_route', 'show-reset-form', 'stock_status', 'switch_theme', 'token', 'undo_item', 'update_cart', 'user',
        'variation_id', 'wc-ajax', 'wc-api', 'wp_customize', 'download_file', 'shop_view', 'per_page', 'view', 'type', 'id',
    ];
    private const PARAMETER_BEGINNINGS = '/^(utm_|filter_|attribute_|query_type_|wc[-_]|wp[-_]|woocommerce|customize_|elementor|upline_)/';
    /** First parts of paths that WordPress or the web server answer themselves. */
    private const PREFIXES = ['wp', 'wp-admin', 'wp-content', 'wp-includes', 'wp-json', 'wp-login', 'wc-api', 'wc-auth', 'feed', 'comments',
        'page', 'search', 'author', 'category', 'tag', 'embed', 'login', 'admin', 'dashboard', 'robots', 'sitemap', 'favicon', 'cgi-bin',
        'index', 'xmlrpc'];

    /** @return string why the word cannot be a parameter, for people; empty where it can */
    public static function whyNoParameter(string $word): string
    {
        if (preg_match('/^[a-z][a-z0-9_-]{0,19}$/D', $word) !== 1) {
            /* translators: %s: what was typed */
            return sprintf(__('"%s" cannot be a parameter: up to 20 small letters, digits, - and _, a letter first.', 'upline-woocommerce'), $word);
        }
        $taken = array_merge($GLOBALS['wp']->public_query_vars, $GLOBALS['wp']->private_query_vars, self::PARAMETERS);
        $taken = array_merge($taken, array_values(WC()->query === null ? [] : WC()->query->get_query_vars()));
        if (in_array($word, $taken, true) || preg_match(self::PARAMETER_BEGINNINGS, $word) === 1 || taxonomy_exists($word) || post_type_exists($word)) {
            /* translators: %s: what was typed */
            return sprintf(__('The shop itself uses "%s" in its addresses; pages or filters would break.', 'upline-woocommerce'), $word);
        }

        return '';
    }

    /** @return string why the word cannot begin a short link, for people; empty where it can */
    public static function whyNoPrefix(string $word): string
    {
        if (preg_match('/^[a-z][a-z0-9-]{0,19}$/D', $word) !== 1) {
            /* translators: %s: what was typed */
            return sprintf(__('"%s" cannot begin a short link: up to 20 small letters, digits and -, a letter first.', 'upline-woocommerce'), $word);
        }
        if (in_array($word, self::PREFIXES, true) || self::isFile($word) || self::isRoute($word)) {
            /* translators: %s: what was typed */
            return sprintf(__('Addresses that begin with /%s/ lead to something else in this shop already.', 'upline-woocommerce'), $word);
        }
        $page = get_page_by_path($word, OBJECT, array_values(get_post_types(['public' => true])));
        if ($page !== null && $page->post_status !== 'trash') {
            /* translators: 1: what was typed 2: title of a page */
            return sprintf(__('/%1$s/ is the address of "%2$s".', 'upline-woocommerce'), $word, $page->post_title);
        }

        return '';
    }

    private static function isFile(string $word): bool
    {
        return file_exists(ABSPATH . $word) || file_exists(ABSPATH . $word . '.php');
    }

    /** The rewrite rules of WordPress, WooCommerce (/product/, /product-category/) and other plugins. */
    private static function isRoute(string $word): bool
    {
        $rules = $GLOBALS['wp_rewrite']->wp_rewrite_rules();
        foreach (array_keys(is_array($rules) ? $rules : []) as $pattern) {
            if (preg_match('#^\^?/?' . preg_quote($word, '#') . '(?![a-z0-9-])#', (string) $pattern) === 1) {
                return true;
            }
        }

        return false;
    }
}

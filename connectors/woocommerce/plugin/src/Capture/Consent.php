<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Capture;

use Upline\WooCommerce\Guard;
use Upline\WooCommerce\Plugin;

/** Whether the visitor lets us remember a referral link, after the WP Consent API where the shop has it. */
final class Consent
{
    public function listen(): void
    {
        add_filter('wp_consent_api_registered_' . Plugin::basename(), '__return_true');
        add_action('init', Guard::action(static function (): void {
            if (function_exists('wp_add_cookie_info')) {
                wp_add_cookie_info(
                    ReferralCookie::NAME,
                    'Upline',
                    self::category(),
                    __('For the time the shop has set', 'upline-woocommerce'),
                    __('Remembers which distributor recommended the shop, so that this distributor is credited.', 'upline-woocommerce')
                );
            }
        }));
        add_action('admin_init', Guard::action(static function (): void {
            $text = __(
                'When you come by a distributor\'s referral link, a cookie (upline_ref) keeps the code and the page you landed on.',
                'upline-woocommerce'
            ) . ' ' . __(
                'If you order, the code is stored with the order and sent with it to the company that pays the distributor\'s commission.',
                'upline-woocommerce'
            );
            wp_add_privacy_policy_content('Upline', '<p>' . esc_html($text) . '</p>');
        }));
    }

    public static function category(): string
    {
        return (string) apply_filters('upline_consent_category', 'marketing');
    }

    public static function isAsked(): bool
    {
        return function_exists('wp_has_consent');
    }

    public static function isGiven(): bool
    {
        return (bool) apply_filters('upline_has_consent', !self::isAsked() || wp_has_consent(self::category()));
    }
}

<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Capture;

use Upline\WooCommerce\Domain\ReferralCode;
use Upline\WooCommerce\Guard;
use Upline\WooCommerce\Plugin;
use Upline\WooCommerce\Settings;

/**
 * A visitor comes by a referral link. The storefront script remembers it on pages that come from a cache;
 * where PHP runs, it does so too, and answers /r/CODE.
 */
final class Visit
{
    /** What says by which campaign a visitor comes, for WooCommerce's own attribution and the shop's statistics. */
    private const CAMPAIGN = '/^(utm_[a-z_]{1,30}|gclid|fbclid|msclkid|ttclid)$/';

    /** @var Settings */
    private $settings;
    /** @var ReferralCookie */
    private $cookie;

    public function __construct(Settings $settings, ReferralCookie $cookie)
    {
        $this->settings = $settings;
        $this->cookie = $cookie;
    }

    public function listen(): void
    {
        add_action('init', Guard::action([$this, 'capture']), 1);
        add_action('wp_enqueue_scripts', Guard::action([$this, 'enqueue']));
    }

    public function capture(): void
    {
        $method = $_SERVER['REQUEST_METHOD'] ?? '';
        if (!in_array($method, ['GET', 'HEAD'], true) || is_admin() || wp_doing_ajax() || wp_doing_cron()) {
            return;
        }
        $uri = esc_url_raw(wp_unslash($_SERVER['REQUEST_URI'] ?? '/'));
        $path = (string) (wp_parse_url($uri, PHP_URL_PATH) ?? '/');
        $home = (string) (wp_parse_url(home_url('/'), PHP_URL_PATH) ?? '/');
        $code = ReferralCode::inPath($path, $home, $this->settings->prefix());
        if ($code !== null) {
            $this->cookie->remember($code, $path, 'path');
            $this->redirect($code);
        }
        $typed = $_GET[$this->settings->parameter()] ?? null;
        $code = is_string($typed) ? ReferralCode::parse(wp_unslash($typed)) : null;
        if ($code !== null) {
            // A cached answer would hand this visitor's code to others.
            defined('DONOTCACHEPAGE') || define('DONOTCACHEPAGE', true);
            nocache_headers();
            $this->cookie->remember($code, $path, 'cookie');
        }
    }

    /** The code stays in the address, so that the script can remember it once the visitor consents. */
    private function redirect(string $code): void
    {
        $kept = [];
        foreach (wp_unslash($_GET) as $name => $value) {
            if (is_string($value) && preg_match(self::CAMPAIGN, (string) $name) === 1) {
                $kept[$name] = rawurlencode($value);
            }
        }
        $kept[$this->settings->parameter()] = rawurlencode($code);
        $to = add_query_arg($kept, home_url('/'));
        nocache_headers();
        wp_safe_redirect((string) apply_filters('upline_referral_landing', $to, $code), 302, 'Upline');
        exit;
    }

    public function enqueue(): void
    {
        wp_enqueue_script('upline-storefront', Plugin::url('assets/storefront.js'), [], Plugin::VERSION, [
            'strategy' => 'defer',
            'in_footer' => true,
        ]);
        $options = [
            'parameter' => $this->settings->parameter(),
            'prefix' => $this->settings->prefix(),
            'windowDays' => intdiv($this->settings->windowSeconds(), 86400),
            'home' => ReferralCookie::path(),
            'consent' => Consent::isAsked() ? 'ask' : 'none',
            'category' => Consent::category(),
        ];
        wp_add_inline_script('upline-storefront', 'window.uplineCapture=' . wp_json_encode($options) . ';', 'before');
    }
}

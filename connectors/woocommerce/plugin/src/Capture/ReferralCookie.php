<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Capture;

use Upline\WooCommerce\Domain\Touches;
use Upline\WooCommerce\Settings;

/** The visitor's cookie, shared with the storefront script. */
final class ReferralCookie
{
    public const NAME = 'upline_ref';

    /** @var Settings */
    private $settings;

    public function __construct(Settings $settings)
    {
        $this->settings = $settings;
    }

    /** What the visitor's links say; nothing without consent. */
    public function touches(): Touches
    {
        $raw = isset($_COOKIE[self::NAME]) && is_string($_COOKIE[self::NAME]) && Consent::isGiven()
            ? wp_unslash($_COOKIE[self::NAME])
            : '';

        return Touches::decode($raw, time(), $this->settings->windowSeconds());
    }

    /** @return array{code: string, at: int, path: string, via: string}|null the link that counts */
    public function winner(): ?array
    {
        return $this->touches()->winner($this->settings->touch());
    }

    public function remember(string $code, string $path, string $via): void
    {
        if (!Consent::isGiven() || headers_sent()) {
            return;
        }
        $value = $this->touches()->add($code, time(), $path, $via)->encode();
        setcookie(self::NAME, $value, [
            'expires' => time() + $this->settings->windowSeconds(),
            'path' => self::path(),
            'secure' => is_ssl(),
            // The storefront script reads it: it holds nothing that opens anything.
            'httponly' => false,
            'samesite' => 'Lax',
        ]);
        $_COOKIE[self::NAME] = wp_slash($value);
    }

    public static function path(): string
    {
        return defined('COOKIEPATH') && COOKIEPATH !== '' ? COOKIEPATH : '/';
    }
}

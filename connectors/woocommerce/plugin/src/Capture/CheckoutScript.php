<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Capture;

use Upline\WooCommerce\Plugin;
use Upline\WooCommerce\Settings;

/** The script of the checkout pages: shows whose code it is, while it is typed. */
final class CheckoutScript
{
    /** @var Settings */
    private $settings;

    public function __construct(Settings $settings)
    {
        $this->settings = $settings;
    }

    /** @param array<int, string> $needs handles of other scripts */
    public function enqueue(string $handle, array $needs): void
    {
        $this->register($handle, $needs);
        wp_enqueue_script($handle);
        wp_enqueue_style('upline-checkout', Plugin::url('assets/checkout.css'), [], Plugin::VERSION);
    }

    /** @param array<int, string> $needs */
    public function register(string $handle, array $needs): void
    {
        wp_register_script($handle, Plugin::url("assets/$handle.js"), $needs, Plugin::VERSION, true);
        wp_add_inline_script($handle, 'window.uplineCheckout=' . wp_json_encode($this->options()) . ';', 'before');
    }

    /** @return array<string, mixed> */
    public function options(): array
    {
        return [
            'lookup' => rest_url('upline/v1/referral/'),
            'field' => $this->settings->field(),
            'texts' => [
                'label' => __('Who referred you?', 'upline-woocommerce'),
                'optional' => __('Who referred you? (optional)', 'upline-woocommerce'),
                /* translators: %s: name of a distributor */
                'supporting' => __('You are supporting %s', 'upline-woocommerce'),
                'checking' => __('Checking the code…', 'upline-woocommerce'),
                'unknown' => $this->settings->field() === 'required'
                    ? __('We do not know this code. Check its spelling.', 'upline-woocommerce')
                    : __('We do not know this code. Check its spelling, or leave the field empty.', 'upline-woocommerce'),
                'later' => __('We will check this code after your order.', 'upline-woocommerce'),
                'required' => __('Please tell us who referred you.', 'upline-woocommerce'),
            ],
        ];
    }
}

<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Capture;

use Upline\WooCommerce\Guard;
use Upline\WooCommerce\Settings;
use WC_Order;
use WP_Error;

/** The checkout made of a shortcode. */
final class ClassicCheckout
{
    private const FIELD = 'upline_ref';

    /** @var Settings */
    private $settings;
    /** @var Evidence */
    private $evidence;
    /** @var CheckoutScript */
    private $script;

    public function __construct(Settings $settings, Evidence $evidence, CheckoutScript $script)
    {
        $this->settings = $settings;
        $this->evidence = $evidence;
        $this->script = $script;
    }

    public function listen(): void
    {
        add_action('woocommerce_after_order_notes', Guard::action([$this, 'show']));
        add_action('woocommerce_after_checkout_validation', Guard::action([$this, 'check']), 10, 2);
        add_action('woocommerce_checkout_create_order', Guard::action(function (WC_Order $order): void {
            $this->evidence->writeTo($order, $this->typed());
        }));
    }

    public function show(): void
    {
        $linked = $this->evidence->linkedCode();
        if ($this->settings->field() === 'off' && $linked === null) {
            return;
        }
        $this->script->enqueue('upline-checkout', []);
        echo '<div class="upline-referral">';
        if ($this->settings->field() !== 'off') {
            woocommerce_form_field(self::FIELD, [
                'type' => 'text',
                'class' => ['form-row-wide'],
                'label' => __('Who referred you?', 'upline-woocommerce'),
                'placeholder' => __('Referral code', 'upline-woocommerce'),
                'required' => $this->settings->field() === 'required',
                'maxlength' => 40,
                'custom_attributes' => ['autocapitalize' => 'characters', 'spellcheck' => 'false'],
                'autocomplete' => 'off',
            ], $this->typed() ?? (string) $linked);
        }
        printf('<p class="upline-referral-hint" role="status" aria-live="polite" data-code="%s"></p></div>', esc_attr((string) $linked));
    }

    /** @param array<string, mixed> $data */
    public function check(array $data, WP_Error $errors): void
    {
        $problem = $this->evidence->problem($this->typed());
        if ($problem !== null) {
            $errors->add('upline_ref', $problem, ['id' => self::FIELD]);
        }
    }

    /** Null where the checkout had no such field; WooCommerce has checked the nonce. */
    private function typed(): ?string
    {
        // phpcs:ignore WordPress.Security.NonceVerification
        $typed = $_POST[self::FIELD] ?? null;
        if (!is_string($typed) || $this->settings->field() === 'off') {
            return null;
        }

        return sanitize_text_field(wp_unslash($typed));
    }
}

<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Capture;

use Automattic\WooCommerce\Blocks\Integrations\IntegrationInterface;
use Upline\WooCommerce\Plugin;

/** Tells the Checkout block to load our part of it. */
final class BlockCheckoutScript implements IntegrationInterface
{
    private const HANDLE = 'upline-checkout-block';

    /** @var CheckoutScript */
    private $script;

    public function __construct(CheckoutScript $script)
    {
        $this->script = $script;
    }

    /** @return string */
    public function get_name()
    {
        return 'upline';
    }

    public function initialize()
    {
        $this->script->register(self::HANDLE, ['wc-blocks-checkout', 'wc-blocks-components', 'wc-blocks-data-store', 'wp-data', 'wp-element']);
        wp_register_style('upline-checkout', Plugin::url('assets/checkout.css'), [], Plugin::VERSION);
        add_action('wp_enqueue_scripts', static function (): void {
            if (has_block('woocommerce/checkout')) {
                wp_enqueue_style('upline-checkout');
            }
        });
    }

    /** @return string[] */
    public function get_script_handles()
    {
        return [self::HANDLE];
    }

    /** @return string[] */
    public function get_editor_script_handles()
    {
        return [];
    }

    /** @return array<string, mixed> */
    public function get_script_data()
    {
        return [];
    }
}

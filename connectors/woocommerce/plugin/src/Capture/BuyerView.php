<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Capture;

use Upline\WooCommerce\Guard;
use Upline\WooCommerce\Settings;
use WC_Order;

/** Shows the distributor wherever an order's totals stand: thank-you page, account, mails. */
final class BuyerView
{
    /** @var Settings */
    private $settings;

    public function __construct(Settings $settings)
    {
        $this->settings = $settings;
    }

    public function listen(): void
    {
        add_filter('woocommerce_get_order_item_totals', Guard::filter([$this, 'addRow']), 20, 2);
    }

    /**
     * @param array<string, array{label: string, value: string}> $rows
     * @param WC_Order $order
     * @return array<string, array{label: string, value: string}>
     */
    public function addRow($rows, $order)
    {
        if (!$this->settings->showsBuyer() || !$order instanceof WC_Order || OrderReferral::code($order) === '') {
            return $rows;
        }
        $rows['upline_ref'] = [
            'type' => 'upline_ref',
            'label' => __('You are supporting:', 'upline-woocommerce'),
            'value' => esc_html(OrderReferral::label($order)),
        ];

        return $rows;
    }
}

<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Capture;

use Upline\WooCommerce\Guard;
use Upline\WooCommerce\Settings;
use WC_Order;

/**
 * Shows the distributor wherever an order's totals stand: thank-you page, account, mails. Buyers see a name that the hub
 * has confirmed and nothing else; the shop's own mails name every code, and say where nobody has it.
 */
final class BuyerView
{
    /** @var Settings */
    private $settings;
    /** @var OrderReferral */
    private $referral;
    /** @var bool while a mail to the shop's own people is written */
    private $isForShop = false;

    public function __construct(Settings $settings, OrderReferral $referral)
    {
        $this->settings = $settings;
        $this->referral = $referral;
    }

    public function listen(): void
    {
        add_filter('woocommerce_get_order_item_totals', Guard::filter([$this, 'addRow']), 20, 2);
        add_action('woocommerce_email_order_details', Guard::action(function ($order, $isForShop = false): void {
            $this->isForShop = (bool) $isForShop;
        }), 1, 2);
        add_action('woocommerce_email_order_details', Guard::action(function (): void {
            $this->isForShop = false;
        }), 9999);
    }

    /**
     * @param array<string, array{label: string, value: string}> $rows
     * @param WC_Order $order
     * @return array<string, array{label: string, value: string}>
     */
    public function addRow($rows, $order)
    {
        if (!$order instanceof WC_Order || OrderReferral::code($order) === '') {
            return $rows;
        }
        $name = (string) $order->get_meta(OrderReferral::NAME);
        if ($this->isForShop) {
            $rows['upline_ref'] = [
                'type' => 'upline_ref',
                'label' => __('Referred by:', 'upline-woocommerce'),
                'value' => esc_html($this->forShop($order, $name)),
            ];
        } elseif ($this->settings->showsBuyer() && $name !== '') {
            $rows['upline_ref'] = [
                'type' => 'upline_ref',
                'label' => __('You are supporting:', 'upline-woocommerce'),
                'value' => esc_html($name),
            ];
        }

        return $rows;
    }

    private function forShop(WC_Order $order, string $name): string
    {
        $code = OrderReferral::code($order);
        if ($this->referral->state($order) === Directory::UNKNOWN) {
            /* translators: %s: referral code */
            return sprintf(__('%s (nobody has this code)', 'upline-woocommerce'), $code);
        }

        return $name === '' || $name === $code ? $code : "$name ($code)";
    }
}

<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Admin;

use Upline\WooCommerce\Capture\Directory;
use Upline\WooCommerce\Capture\OrderReferral;
use Upline\WooCommerce\Guard;
use WC_Order;

/** A column with the referral in the list of orders, and the code as something to search for. */
final class OrderList
{
    private const COLUMN = 'upline_ref';

    /** @var OrderReferral */
    private $referral;

    public function __construct(OrderReferral $referral)
    {
        $this->referral = $referral;
    }

    public function listen(): void
    {
        // The first of each pair for high-performance order storage, the second for orders kept as posts.
        foreach (['manage_woocommerce_page_wc-orders_columns', 'manage_edit-shop_order_columns'] as $filter) {
            add_filter($filter, Guard::filter([$this, 'addColumn']), 20);
        }
        foreach (['manage_woocommerce_page_wc-orders_custom_column', 'manage_shop_order_posts_custom_column'] as $action) {
            add_action($action, Guard::action([$this, 'show']), 10, 2);
        }
        foreach (['woocommerce_order_table_search_query_meta_keys', 'woocommerce_shop_order_search_fields'] as $filter) {
            add_filter($filter, Guard::filter(static function ($keys) {
                return array_merge($keys, [OrderReferral::CODE, OrderReferral::NAME]);
            }));
        }
    }

    /**
     * @param array<string, string> $columns
     * @return array<string, string>
     */
    public function addColumn($columns)
    {
        $with = [];
        foreach ($columns as $name => $title) {
            $with[$name] = $title;
            if ($name === 'order_status') {
                $with[self::COLUMN] = __('Referral', 'upline-woocommerce');
            }
        }
        $with[self::COLUMN] = __('Referral', 'upline-woocommerce');

        return $with;
    }

    /** @param WC_Order|int $order */
    public function show(string $column, $order): void
    {
        if ($column !== self::COLUMN) {
            return;
        }
        $order = $order instanceof WC_Order ? $order : wc_get_order($order);
        $code = $order instanceof WC_Order ? OrderReferral::code($order) : '';
        if ($code === '') {
            echo '<span aria-hidden="true">—</span><span class="screen-reader-text">' . esc_html__('none', 'upline-woocommerce') . '</span>';

            return;
        }
        // Always the code, so that the column holds one kind of thing; the name is at hand.
        $isUnknown = $this->referral->state($order) === Directory::UNKNOWN;
        printf(
            '<span title="%s"%s>%s</span>',
            esc_attr($isUnknown ? __('Nobody has this code.', 'upline-woocommerce') : OrderReferral::label($order)),
            $isUnknown ? ' style="text-decoration: line-through"' : '',
            esc_html($code)
        );
        if ($isUnknown) {
            echo '<span class="screen-reader-text">' . esc_html__('Nobody has this code.', 'upline-woocommerce') . '</span>';
        }
    }
}

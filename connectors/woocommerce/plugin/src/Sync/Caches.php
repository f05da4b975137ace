<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Sync;

use Automattic\WooCommerce\Caches\OrderCache;
use Automattic\WooCommerce\Utilities\OrderUtil;
use WC_Cache_Helper;
use WC_Data_Store;
use WC_Order;

/**
 * Forgets what this process and the shop's object cache remember of an entity, so that it is read from the database.
 * A delivery must not trust them: another process may have changed the order since, and a cache that is shared between
 * processes can be filled with the old state by whoever read it just before the change.
 */
final class Caches
{
    public static function forget(string $entity, int $id): void
    {
        if (function_exists('wp_cache_flush_runtime') && wp_cache_supports('flush_runtime')) {
            wp_cache_flush_runtime();
        }
        if ($entity === 'order') {
            self::forgetOrder($id);
        } elseif ($entity !== 'customer') {
            self::forgetPost($id);
            WC_Cache_Helper::invalidate_cache_group('product_' . $id);
        }
    }

    private static function forgetOrder(int $id): void
    {
        global $wpdb;
        $ids = array_map('intval', $wpdb->get_col($wpdb->prepare("SELECT ID FROM $wpdb->posts WHERE post_parent = %d", $id)));
        if (OrderUtil::custom_orders_table_usage_is_enabled()) {
            $refunds = $wpdb->get_col($wpdb->prepare("SELECT id FROM {$wpdb->prefix}wc_orders WHERE parent_order_id = %d", $id));
            $ids = array_merge($ids, array_map('intval', $refunds));
        }
        $ids[] = $id;
        $ids = array_values(array_unique($ids));
        $prefix = WC_Cache_Helper::get_cache_prefix('orders');
        foreach (['refunds', 'total_refunded', 'total_tax_refunded', 'total_shipping_refunded', 'total_shipping_tax_refunded'] as $sum) {
            wp_cache_delete($prefix . $sum . $id, 'orders');
        }
        foreach ($ids as $kept) {
            self::forgetPost($kept);
            wp_cache_delete(WC_Order::generate_meta_cache_key($kept, 'orders'), 'orders');
            wp_cache_delete('order-items-' . $kept, 'orders');
            if (class_exists(OrderCache::class)) {
                wc_get_container()->get(OrderCache::class)->remove($kept);
            }
        }
        self::forgetItems($ids);
        $store = WC_Data_Store::load('order');
        if ($store->has_callable('clear_cached_data')) {
            $store->clear_cached_data($ids);
        }
    }

    /** @param array<int, int> $orderIds */
    private static function forgetItems(array $orderIds): void
    {
        global $wpdb;
        // phpcs:ignore -- whole numbers
        $items = $wpdb->get_col("SELECT order_item_id FROM {$wpdb->prefix}woocommerce_order_items WHERE order_id IN (" . implode(',', $orderIds) . ')');
        foreach ($items as $item) {
            wp_cache_delete('item-' . $item, 'order-items');
            wp_cache_delete((int) $item, 'order_item_meta');
            wp_cache_delete(WC_Order::generate_meta_cache_key((int) $item, 'order-items'), 'order-items');
        }
    }

    private static function forgetPost(int $id): void
    {
        wp_cache_delete($id, 'posts');
        wp_cache_delete($id, 'post_meta');
    }
}

<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Sync;

use Automattic\WooCommerce\Utilities\OrderUtil;
use RuntimeException;
use Upline\WooCommerce\Connect\Store;
use Upline\WooCommerce\Plugin;
use WC_Order;
use WC_REST_Order_Refunds_Controller;
use WC_REST_Orders_Controller;
use WC_REST_Product_Variations_Controller;
use WC_REST_Products_Controller;
use WP_REST_Request;
use WP_REST_Response;

/** Reads an entity from the shop as the REST API v3 shows it. */
final class Representation
{
    /** A cart that was never ordered is nobody's business. */
    public const DRAFTS = ['checkout-draft', 'auto-draft', 'draft', 'new'];

    /** WooCommerce itself works with two more than the usual two. */
    private const DECIMALS = 4;

    /**
     * @return array{type: string, data: array<string, mixed>}|null null where there is nothing to tell
     */
    public function of(string $entity, int $id, string $act): ?array
    {
        switch ($entity) {
            case 'order':
                return $this->order($id);
            case 'product':
                return $this->product($id);
            case 'stock':
                return $this->stock($id);
            case 'customer':
                return ['type' => 'customer.' . $act, 'data' => ['customer' => ['id' => $id], 'source' => $this->source()]];
            default:
                return null;
        }
    }

    /** @return array{type: string, data: array<string, mixed>}|null */
    private function order(int $id): ?array
    {
        $order = wc_get_order($id);
        if (!$order) {
            $this->demandGone($id);
            $deleted = ['id' => $id, 'status' => 'deleted'];

            return ['type' => 'order.deleted', 'data' => ['order' => $deleted, 'source' => $this->source()]];
        }
        if (!$order instanceof WC_Order || in_array($order->get_status(), self::DRAFTS, true)) {
            return null;
        }
        $shown = $this->shown((new WC_REST_Orders_Controller())->prepare_object_for_response($order, $this->request()));
        $refunds = [];
        foreach ($order->get_refunds() as $refund) {
            $request = $this->request();
            $request['order_id'] = $id;
            $refunds[] = $this->shown((new WC_REST_Order_Refunds_Controller())->prepare_object_for_response($refund, $request));
        }

        return ['type' => 'order.updated', 'data' => ['order' => $shown, 'refunds' => $refunds, 'source' => $this->source()]];
    }

    /**
     * "Deleted" takes a commission back for good: it is said only where no order of this number is left. An order whose
     * type nobody has registered now, or that lies in the other of WooCommerce's two storages, is unreadable, not deleted.
     */
    private function demandGone(int $id): void
    {
        global $wpdb;
        $left = (int) $wpdb->get_var($wpdb->prepare("SELECT COUNT(*) FROM $wpdb->posts WHERE ID = %d AND post_type = 'shop_order'", $id));
        $table = $wpdb->prefix . 'wc_orders';
        if ($wpdb->get_var($wpdb->prepare('SHOW TABLES LIKE %s', $wpdb->esc_like($table))) === $table) {
            // phpcs:ignore -- the name of WooCommerce's own table
            $left += (int) $wpdb->get_var($wpdb->prepare("SELECT COUNT(*) FROM $table WHERE id = %d", $id));
            // Deleted in the storage that counts, with a copy left in the other until the two are compared.
            $deleted = $wpdb->prepare("SELECT COUNT(*) FROM {$table}_meta WHERE order_id = %d AND meta_key = '_deleted_from'", $id);
            $left = (int) $wpdb->get_var($deleted) > 0 ? 0 : $left;
        }
        if ($left > 0) {
            throw new RuntimeException("Order $id is in the database, but WooCommerce cannot read it now.");
        }
    }

    /** @return array{type: string, data: array<string, mixed>}|null */
    private function product(int $id): ?array
    {
        $product = wc_get_product($id);
        if (!$product || $product->get_status() === 'trash') {
            return ['type' => 'product.deleted', 'data' => ['product' => ['id' => $id], 'source' => $this->source()]];
        }
        if (in_array($product->get_status(), self::DRAFTS, true)) {
            return null;
        }
        $request = $this->request();
        if ($product->is_type('variation')) {
            $request['product_id'] = $product->get_parent_id();
            $shown = $this->shown((new WC_REST_Product_Variations_Controller())->prepare_object_for_response($product, $request));
            // The answer of this controller names the parent only in its links.
            $shown['parent_id'] = $product->get_parent_id();
        } else {
            $shown = $this->shown((new WC_REST_Products_Controller())->prepare_object_for_response($product, $request));
        }

        return ['type' => 'product.updated', 'data' => ['product' => $shown, 'source' => $this->source()]];
    }

    /** @return array{type: string, data: array<string, mixed>}|null */
    private function stock(int $id): ?array
    {
        $product = wc_get_product($id);
        if (!$product) {
            return null;
        }
        $stock = [
            'id' => $id,
            'sku' => $product->get_sku(),
            'stock_quantity' => $product->get_stock_quantity(),
            'stock_status' => $product->get_stock_status(),
        ];

        return ['type' => 'stock.updated', 'data' => ['product' => $stock, 'source' => $this->source()]];
    }

    private function request(): WP_REST_Request
    {
        $request = new WP_REST_Request('GET');
        $request['context'] = 'view';
        // What the shop shows rounded is sent as it is kept; a line of 39.66 in a shop without cents is no line of 40.
        $request['dp'] = max(self::DECIMALS, wc_get_price_decimals());

        return $request;
    }

    /** @return array<string, mixed> without links */
    private function shown(WP_REST_Response $response): array
    {
        return $response->get_data();
    }

    /** @return array<string, string> */
    private function source(): array
    {
        return [
            'url' => Store::address(),
            'plugin' => Plugin::VERSION,
            'woocommerce' => defined('WC_VERSION') ? WC_VERSION : '',
            'wordpress' => get_bloginfo('version'),
        ];
    }
}

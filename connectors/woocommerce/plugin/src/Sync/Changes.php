<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Sync;

use Upline\WooCommerce\Connect\Store;
use Upline\WooCommerce\Guard;
use WC_Order;
use WC_Product;

/**
 * Hears every change of the shop and notes it in the outbox.
 *
 * The first change of an order is written at once, so that nothing can lose it. Whatever follows in the
 * same request costs nothing until the buyer has the answer: then one statement bumps what changed again and
 * adds products, stock and customers.
 */
final class Changes
{
    /** @var Outbox */
    private $outbox;
    /** @var Store */
    private $store;
    /** @var array<string, array{entity: string, id: int, act: string}> */
    private $touched = [];
    /** @var array<string, bool> keys of what is written at the end of the request */
    private $pending = [];
    /** @var array<int, bool> orders whose lines changed; looked at only when the buyer has the answer */
    private $lined = [];
    /** @var bool while stock is being moved, a product's save is about stock alone */
    private $isMovingStock = false;

    public function __construct(Outbox $outbox, Store $store)
    {
        $this->outbox = $outbox;
        $this->store = $store;
    }

    public function listen(): void
    {
        $this->listenToOrders();
        $this->listenToProducts();
        foreach (['woocommerce_new_customer', 'woocommerce_update_customer'] as $action) {
            add_action($action, Guard::action(function ($id): void {
                $this->note('customer', (int) $id, 'updated');
            }));
        }
        add_action('woocommerce_delete_customer', Guard::action(function ($id): void {
            $this->note('customer', (int) $id, 'deleted');
        }));
    }

    private function listenToOrders(): void
    {
        $changed = Guard::action(function ($id, $order = null): void {
            $this->order((int) $id, $order instanceof WC_Order ? $order : null);
        });
        foreach (['woocommerce_new_order', 'woocommerce_update_order', 'woocommerce_trash_order', 'woocommerce_untrash_order'] as $action) {
            add_action($action, $changed, 10, 2);
        }
        add_action('woocommerce_order_refunded', $changed);
        add_action('woocommerce_update_order_refund', Guard::action(function ($id, $refund = null): void {
            $refund = $refund ?? wc_get_order($id);
            $this->order($refund ? (int) $refund->get_parent_id() : 0, null);
        }), 10, 2);
        // WooCommerce tells nobody when a refund is deleted; but every object asks this question first.
        add_filter('woocommerce_pre_delete_order_refund', Guard::filter(function ($answer, $refund) {
            $this->order((int) $refund->get_parent_id(), null);
            $this->again('order', (int) $refund->get_parent_id());

            return $answer;
        }), 10, 2);
        add_action('woocommerce_refund_deleted', Guard::action(function ($refundId, $orderId): void {
            $this->order((int) $orderId, null);
        }), 10, 2);
        add_action('woocommerce_before_delete_order', Guard::action(function ($id, $order = null): void {
            $this->orderDeleted((int) $id, $order instanceof WC_Order ? $order : null);
        }), 10, 2);
        // Posts-based orders that are deleted or moved around WooCommerce.
        add_action('before_delete_post', Guard::action(function ($id): void {
            if (get_post_type((int) $id) === 'shop_order') {
                $this->orderDeleted((int) $id, null);
            }
        }));
        foreach (['trashed_post', 'untrashed_post'] as $action) {
            add_action($action, Guard::action(function ($id): void {
                if (get_post_type((int) $id) === 'shop_order') {
                    $this->order((int) $id, null);
                }
            }));
        }
        $this->listenToLines();
    }

    /** Lines that are changed without saving the order they belong to. */
    private function listenToLines(): void
    {
        $line = Guard::action(function ($itemId, $item = null, $orderId = 0): void {
            $this->lined[(int) $orderId] = true;
        });
        add_action('woocommerce_new_order_item', $line, 10, 3);
        add_action('woocommerce_update_order_item', $line, 10, 3);
        add_action('woocommerce_before_delete_order_item', Guard::action(function ($itemId): void {
            if ($this->store->isListening()) {
                $this->lined[(int) wc_get_order_id_by_order_item_id((int) $itemId)] = true;
            }
        }));
    }

    private function listenToProducts(): void
    {
        $changed = Guard::action(function ($id): void {
            if (!$this->isMovingStock) {
                $this->note('product', (int) $id, 'updated');
            }
        });
        $kinds = ['new_product', 'update_product', 'new_product_variation', 'update_product_variation'];
        foreach ($kinds as $kind) {
            add_action('woocommerce_' . $kind, $changed);
        }
        foreach (['trashed_post', 'untrashed_post', 'before_delete_post'] as $action) {
            add_action($action, Guard::action(function ($id): void {
                if (in_array(get_post_type((int) $id), ['product', 'product_variation'], true)) {
                    $this->note('product', (int) $id, current_action() === 'untrashed_post' ? 'updated' : 'deleted');
                }
            }));
        }
        foreach (['product', 'variation'] as $kind) {
            add_action("woocommerce_{$kind}_before_set_stock", Guard::action(function (): void {
                $this->isMovingStock = true;
            }));
            add_action("woocommerce_{$kind}_set_stock", Guard::action(function ($product): void {
                $this->isMovingStock = false;
                if ($product instanceof WC_Product) {
                    $this->note('stock', $product->get_id(), 'updated');
                }
            }));
            add_action("woocommerce_{$kind}_set_stock_status", Guard::action(function ($id): void {
                $this->note('stock', (int) $id, 'updated');
            }));
        }
    }

    private function order(int $id, ?WC_Order $order): void
    {
        if ($id <= 0 || !$this->store->isListening()) {
            return;
        }
        // A subscription is an order type of its own; its renewals are orders.
        if ($order !== null && ($order->get_type() !== 'shop_order' || in_array($order->get_status(), Representation::DRAFTS, true))) {
            return;
        }
        $key = 'order ' . $id;
        if (isset($this->touched[$key])) {
            $this->pending[$key] = true;

            return;
        }
        if ($order === null && !$this->isRealOrder($id)) {
            return;
        }
        $this->touched[$key] = ['entity' => 'order', 'id' => $id, 'act' => 'updated'];
        $this->outbox->mark([$this->touched[$key]], time());
    }

    private function orderDeleted(int $id, ?WC_Order $order): void
    {
        $order = $order ?? wc_get_order($id);
        if ($order instanceof WC_Order) {
            $this->order($id, $order);
            $this->again('order', $id);
        }
    }

    private function isRealOrder(int $id): bool
    {
        $order = wc_get_order($id);

        return $order instanceof WC_Order
            && $order->get_type() === 'shop_order'
            && !in_array($order->get_status(), Representation::DRAFTS, true);
    }

    /** The change comes only after this moment: the row must be newer than whoever reads it now. */
    private function again(string $entity, int $id): void
    {
        if (isset($this->touched[$entity . ' ' . $id])) {
            $this->pending[$entity . ' ' . $id] = true;
        }
    }

    private function note(string $entity, int $id, string $act): void
    {
        if ($id <= 0 || !$this->store->isListening()) {
            return;
        }
        $key = $entity . ' ' . $id;
        $this->touched[$key] = ['entity' => $entity, 'id' => $id, 'act' => $act];
        $this->pending[$key] = true;
    }

    public function isQuiet(): bool
    {
        return $this->touched === [] && $this->lined === [];
    }

    /**
     * Writes what was held back.
     *
     * @return array<int, array{entity: string, id: int, act: string}> everything this request has changed
     */
    public function flush(): array
    {
        foreach (array_keys($this->lined) as $id) {
            $this->order($id, null);
        }
        $this->lined = [];
        $this->outbox->mark(array_values(array_intersect_key($this->touched, $this->pending)), time());
        $touched = array_values($this->touched);
        $this->touched = [];
        $this->pending = [];

        return $touched;
    }
}

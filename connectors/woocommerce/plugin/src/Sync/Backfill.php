<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Sync;

use Upline\WooCommerce\Connect\Store;
use Upline\WooCommerce\Guard;

/**
 * Puts orders into the outbox that changed while nobody listened: the plugin was off, or somebody wants them
 * sent again. Page by page in the background, so that a large shop stays quick.
 */
final class Backfill
{
    public const SEEN = 'upline_seen_until';
    private const ACTION = 'upline_backfill';
    private const PAGE = 200;

    /** @var Outbox */
    private $outbox;
    /** @var Store */
    private $store;
    /** @var Schedule */
    private $schedule;

    public function __construct(Outbox $outbox, Store $store, Schedule $schedule)
    {
        $this->outbox = $outbox;
        $this->store = $store;
        $this->schedule = $schedule;
    }

    public function listen(): void
    {
        add_action(self::ACTION, Guard::action([$this, 'page']), 10, 2);
        add_action('admin_init', Guard::action([$this, 'afterSleep']));
    }

    public function begin(int $changedSince): void
    {
        as_enqueue_async_action(self::ACTION, [$changedSince, 1], 'upline');
    }

    public function page(int $changedSince, int $page): void
    {
        if (!$this->store->isConnected()) {
            return;
        }
        $ids = wc_get_orders([
            'type' => 'shop_order',
            // "any" leaves out the trash, and the hub is to hear of that too.
            'status' => array_merge(array_keys(wc_get_order_statuses()), ['trash']),
            'date_modified' => '>=' . $changedSince,
            'orderby' => 'ID',
            'order' => 'ASC',
            'limit' => self::PAGE,
            'paged' => $page,
            'return' => 'ids',
        ]);
        $changes = array_map(static function ($id): array {
            return ['entity' => 'order', 'id' => (int) $id, 'act' => 'updated'];
        }, $ids);
        $this->outbox->mark($changes, time());
        if (count($ids) === self::PAGE) {
            as_enqueue_async_action(self::ACTION, [$changedSince, $page + 1], 'upline');
        }
        $this->schedule->wakeAt(time());
    }

    /** The plugin was switched off for a while and is back. */
    public function afterSleep(): void
    {
        $seen = (int) get_option(self::SEEN, 0);
        if ($seen > 0 && $this->store->isConnected()) {
            delete_option(self::SEEN);
            $this->begin($seen - 60);
        }
    }

    public static function fallAsleep(): void
    {
        update_option(self::SEEN, time(), false);
    }
}

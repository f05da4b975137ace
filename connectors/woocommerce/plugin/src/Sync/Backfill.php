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
    /** From when to when the plugin was off, for the people who ask what was missed. */
    public const SLEPT = 'upline_slept';
    private const SAID_SECONDS = 7 * 86400;
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
        add_action(self::ACTION, Guard::action([$this, 'page']), 10, 3);
        add_action('admin_init', Guard::action([$this, 'afterSleep']));
        foreach (['admin_init', Schedule::SWEEP] as $moment) {
            add_action($moment, Guard::action([$this, 'afterDamage']), 5);
        }
    }

    /**
     * Where the hub has made a new store of a shop it knew, orders from before the connection are in its books already:
     * sent under the new store they would be booked a second time.
     */
    public function begin(int $changedSince): void
    {
        $createdSince = $this->store->isNewToItsHub() ? $this->store->connectedAt() : 0;
        as_enqueue_async_action(self::ACTION, [$changedSince, 1, $createdSince], 'upline');
    }

    public function page(int $changedSince, int $page, int $createdSince = 0): void
    {
        if (!$this->store->isListening()) {
            return;
        }
        $only = $createdSince > 0 ? ['date_created' => '>=' . $createdSince] : [];
        $ids = wc_get_orders(array_merge($only, [
            'type' => 'shop_order',
            // "any" leaves out the trash, and the hub is to hear of that too.
            'status' => array_merge(array_keys(wc_get_order_statuses()), ['trash']),
            'date_modified' => '>=' . $changedSince,
            'orderby' => 'ID',
            'order' => 'ASC',
            'limit' => self::PAGE,
            'paged' => $page,
            'return' => 'ids',
        ]));
        $changes = array_map(static function ($id): array {
            return ['entity' => 'order', 'id' => (int) $id, 'act' => 'updated'];
        }, $ids);
        $this->outbox->mark($changes, time());
        if (count($ids) === self::PAGE) {
            as_enqueue_async_action(self::ACTION, [$changedSince, $page + 1, $createdSince], 'upline');
        }
        $this->schedule->wakeAt(time());
    }

    /** The plugin was switched off for a while and is back. */
    public function afterSleep(): void
    {
        $seen = (int) get_option(self::SEEN, 0);
        if ($seen > 0 && $this->store->isListening()) {
            delete_option(self::SEEN);
            update_option(self::SLEPT, ['from' => $seen, 'until' => time()], false);
            $this->begin($seen - 60);
        }
    }

    /** @return array{from: int, until: int}|null the last time the plugin was off, while that is worth a word */
    public static function slept(): ?array
    {
        $slept = get_option(self::SLEPT, null);

        return is_array($slept) && time() - (int) $slept['until'] < self::SAID_SECONDS ? $slept : null;
    }

    /** The outbox could not be written for a while and works again. */
    public function afterDamage(): void
    {
        $since = Unwritten::read()['since'];
        if ($since > 0 && $this->outbox->mend(time()) === '') {
            $this->begin($since - 60);
            $this->schedule->wakeAt(time());
        }
    }

    public static function fallAsleep(): void
    {
        update_option(self::SEEN, time(), false);
    }
}

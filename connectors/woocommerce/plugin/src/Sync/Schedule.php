<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Sync;

use ActionScheduler;
use Upline\WooCommerce\Connect\Store;
use Upline\WooCommerce\Guard;

/**
 * Deliveries that have to wait: Action Scheduler wakes us, and so does the first visitor after an alarm, for
 * shops where WP-Cron is off or sleeps.
 */
final class Schedule
{
    private const DUE = 'upline_deliver';
    public const SWEEP = 'upline_sweep';
    private const GROUP = 'upline';
    private const ALARM = 'upline_alarm';
    private const SWEEP_SECONDS = 300;
    private const RUN_SECONDS = 25;

    /** @var Outbox */
    private $outbox;
    /** @var Health */
    private $health;
    /** @var Courier */
    private $courier;
    /** @var Store */
    private $store;

    public function __construct(Outbox $outbox, Health $health, Courier $courier, Store $store)
    {
        $this->outbox = $outbox;
        $this->health = $health;
        $this->courier = $courier;
        $this->store = $store;
    }

    public function listen(): void
    {
        foreach ([self::DUE, self::SWEEP] as $action) {
            add_action($action, Guard::action([$this, 'run']));
        }
        add_action('admin_init', Guard::action([$this, 'ensureSweep']));
    }

    public function run(): void
    {
        if (!$this->store->mayDeliver()) {
            return;
        }
        $this->courier->run(self::RUN_SECONDS);
        $this->wakeForNext();
    }

    /** The net below everything else: whatever was left behind is found within five minutes. */
    public function ensureSweep(): void
    {
        if ($this->store->isConnected() && !as_has_scheduled_action(self::SWEEP, [], self::GROUP)) {
            as_schedule_recurring_action(time() + self::SWEEP_SECONDS, self::SWEEP_SECONDS, self::SWEEP, [], self::GROUP);
        }
    }

    /** Sees to it that the next waiting delivery is tried when it is due. */
    public function wakeForNext(): void
    {
        $at = $this->outbox->nextDueAt();
        if ($at === null) {
            return;
        }
        $this->wakeAt(max($at, (int) $this->health->read()['pausedUntil'], time()));
    }

    public function wakeAt(int $at): void
    {
        update_option(self::ALARM, $at, true);
        $earlier = as_get_scheduled_actions([
            'hook' => self::DUE,
            'group' => self::GROUP,
            'status' => 'pending',
            'date' => gmdate('Y-m-d H:i:s', $at + 5),
            'date_compare' => '<=',
            'per_page' => 1,
        ], 'ids');
        if ($earlier === []) {
            as_schedule_single_action($at, self::DUE, [], self::GROUP);
        }
    }

    /** One request alone gets a true answer; it then owns the alarm. */
    public function isAlarmDue(int $now): bool
    {
        $at = (int) get_option(self::ALARM, 0);
        if ($at === 0 || $at > $now) {
            return false;
        }
        global $wpdb;
        $won = $wpdb->query($wpdb->prepare(
            "UPDATE $wpdb->options SET option_value = '0' WHERE option_name = %s AND option_value = %s",
            self::ALARM,
            (string) $at
        ));
        wp_cache_delete('alloptions', 'options');

        return $won === 1;
    }

    public static function cancel(): void
    {
        if (function_exists('as_unschedule_all_actions')) {
            as_unschedule_all_actions('', [], self::GROUP);
        }
        delete_option(self::ALARM);
    }

    /** Takes away also what Action Scheduler keeps of actions that are done or cancelled. */
    public static function forget(): void
    {
        if (!function_exists('as_get_scheduled_actions') || !class_exists(ActionScheduler::class)) {
            return;
        }
        do {
            $ids = as_get_scheduled_actions(['group' => self::GROUP, 'per_page' => 200], 'ids');
            foreach ($ids as $id) {
                ActionScheduler::store()->delete_action((string) $id);
            }
        } while (count($ids) === 200);
    }
}

<?php

declare(strict_types=1);

namespace Upline\WooCommerce;

use Upline\WooCommerce\Connect\Hub;
use Upline\WooCommerce\Connect\Store;
use Upline\WooCommerce\Sync\AfterResponse;
use Upline\WooCommerce\Sync\Changes;
use Upline\WooCommerce\Sync\Courier;
use Upline\WooCommerce\Sync\Health;
use Upline\WooCommerce\Sync\Journal;
use Upline\WooCommerce\Sync\Loopback;
use Upline\WooCommerce\Sync\Outbox;
use Upline\WooCommerce\Sync\Representation;
use Upline\WooCommerce\Sync\Schedule;

/** Makes the parts of the plugin and starts them. */
final class Parts
{
    public function listen(): void
    {
        $store = new Store();
        $settings = new Settings();
        $hub = new Hub($store);
        $outbox = new Outbox();
        $health = new Health();
        $journal = new Journal();
        $courier = new Courier($outbox, new Representation(), $hub, $health, $journal);
        $changes = new Changes($outbox, $store);
        $schedule = new Schedule($outbox, $health, $courier, $store);
        $loopback = new Loopback();

        $changes->listen();
        $schedule->listen();
        (new AfterResponse($changes, $courier, $schedule, $loopback, $store))->listen();
    }
}

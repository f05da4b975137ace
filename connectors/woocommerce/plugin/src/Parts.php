<?php

declare(strict_types=1);

namespace Upline\WooCommerce;

use Upline\WooCommerce\Admin\Acts;
use Upline\WooCommerce\Admin\HealthBox;
use Upline\WooCommerce\Admin\OrderList;
use Upline\WooCommerce\Admin\OrderScreen;
use Upline\WooCommerce\Admin\Screen;
use Upline\WooCommerce\Capture\BlockCheckout;
use Upline\WooCommerce\Capture\BuyerView;
use Upline\WooCommerce\Capture\CheckoutScript;
use Upline\WooCommerce\Capture\ClassicCheckout;
use Upline\WooCommerce\Capture\Consent;
use Upline\WooCommerce\Capture\Coupons;
use Upline\WooCommerce\Capture\Directory;
use Upline\WooCommerce\Capture\Evidence;
use Upline\WooCommerce\Capture\LaterOrders;
use Upline\WooCommerce\Capture\OrderReferral;
use Upline\WooCommerce\Capture\ReferralCookie;
use Upline\WooCommerce\Capture\Visit;
use Upline\WooCommerce\Connect\Handshake;
use Upline\WooCommerce\Connect\Hub;
use Upline\WooCommerce\Connect\Store;
use Upline\WooCommerce\Sync\AfterResponse;
use Upline\WooCommerce\Sync\Backfill;
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
        $courier = new Courier($outbox, new Representation(), $hub, $health, $journal, $store);
        $changes = new Changes($outbox, $store);
        $schedule = new Schedule($outbox, $health, $courier, $store);
        $loopback = new Loopback();

        $directory = new Directory($hub, $store);
        $cookie = new ReferralCookie($settings);
        $coupons = new Coupons($directory);
        $referral = new OrderReferral($directory, $settings);
        $evidence = new Evidence($settings, $cookie, $coupons, $referral, $directory, $store);
        $script = new CheckoutScript($settings);

        (new Consent())->listen();
        (new Visit($settings, $cookie))->listen();
        $directory->listen();
        $coupons->listen();
        $referral->listen();
        (new ClassicCheckout($settings, $evidence, $script))->listen();
        (new BlockCheckout($settings, $evidence, $script))->listen();
        (new LaterOrders($referral, $coupons))->listen();
        (new BuyerView($settings, $referral))->listen();

        $changes->listen();
        $schedule->listen();
        $backfill = new Backfill($outbox, $store, $schedule);
        $backfill->listen();
        (new AfterResponse($changes, $courier, $schedule, $loopback, $store))->listen();

        $healthBox = new HealthBox($outbox, $health, $journal, $hub, $loopback, $store, $schedule);
        $handshake = new Handshake($store, $hub, $health, $outbox);
        $healthBox->listen();
        (new Screen($settings, $store, $healthBox))->listen();
        (new Acts($handshake, $settings, $store, $outbox, $health, $schedule, $backfill))->listen();
        (new OrderScreen($referral, $directory))->listen();
        (new OrderList($referral))->listen();
    }
}

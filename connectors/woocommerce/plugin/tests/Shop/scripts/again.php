<?php

/** "Send orders again" in a shop that the hub knows already, or takes for a new one. */

declare(strict_types=1);

use Upline\WooCommerce\Connect\Hub;
use Upline\WooCommerce\Connect\Store;
use Upline\WooCommerce\Sync\Backfill;
use Upline\WooCommerce\Sync\Courier;
use Upline\WooCommerce\Sync\Health;
use Upline\WooCommerce\Sync\Journal;
use Upline\WooCommerce\Sync\Outbox;
use Upline\WooCommerce\Sync\Representation;
use Upline\WooCommerce\Sync\Schedule;

require __DIR__ . '/shop.php';

answerAsHub(static function (): array {
    return [503, []];
});
// A shop where much was sold lately would have more than one page of what changed.
$since = time();
$old = orderOf();
$old->set_date_created(time() - 86400);
$old->save();
connectShop();
$new = orderOf();
$before = ['hub' => 'https://hub.test', 'store' => $input['storeBefore'], 'company' => 'Test Company', 'url' => 'https://elsewhere.example'];
update_option(Store::BEFORE, $before, false);
$outbox = new Outbox();
$outbox->clear();
$store = new Store();
$health = new Health();
$courier = new Courier($outbox, new Representation(), new Hub($store), $health, new Journal(), $store);
$backfill = new Backfill($outbox, $store, new Schedule($outbox, $health, $courier, $store));
as_unschedule_all_actions('upline_backfill');
$backfill->begin($since);
$actions = as_get_scheduled_actions(['hook' => 'upline_backfill', 'status' => 'pending']);
$backfill->page(...reset($actions)->get_args());
as_unschedule_all_actions('upline_backfill');
say(['old' => count(rowsOfOrder($old->get_id())), 'new' => count(rowsOfOrder($new->get_id()))]);
$outbox->clear();
$store->forget();
delete_option(Store::BEFORE);

<?php

/** An order is placed while the outbox is damaged; then the damage is taken away. */

declare(strict_types=1);

use Upline\WooCommerce\Sync\Outbox;
use Upline\WooCommerce\Sync\Tables;
use Upline\WooCommerce\Sync\Unwritten;

require __DIR__ . '/shop.php';

global $wpdb;
$wpdb->suppress_errors(true);
answerAsHub(static function (): array {
    return [503, []];
});
connectShop();
delete_transient('upline_repaired');
Unwritten::forget();
$table = Tables::outbox();
switch ($input['damage']) {
    case 'missing':
        $wpdb->query("DROP TABLE $table");
        break;
    case 'column':
        $wpdb->query("ALTER TABLE $table DROP COLUMN act");
        break;
    case 'not a table':
        $wpdb->query("DROP TABLE $table");
        $wpdb->query("CREATE VIEW $table AS SELECT 1 AS id");
        break;
}
$order = orderOf()->get_id();
$placed = ['rows' => rowsOfOrder($order), 'kept' => Unwritten::read(), 'problem' => (new Outbox())->mend(time())];
$wpdb->query("DROP VIEW IF EXISTS $table");
$mended = (new Outbox())->mend(time());
say([
    'rows' => count($placed['rows']),
    'kept' => array_keys($placed['kept']['changes']),
    'order' => $order,
    'problem' => $placed['problem'],
    'mended' => $mended,
    'rowsThen' => count(rowsOfOrder($order)),
    'keptThen' => Unwritten::read()['since'],
]);
(new Upline\WooCommerce\Connect\Store())->forget();

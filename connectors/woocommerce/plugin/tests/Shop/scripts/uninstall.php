<?php

/** The plugin is deleted: what the hub hears, and what stays. */

declare(strict_types=1);

use Upline\WooCommerce\Capture\OrderReferral;
use Upline\WooCommerce\Connect\Store;
use Upline\WooCommerce\Plugin;
use Upline\WooCommerce\Settings;
use Upline\WooCommerce\Sync\Tables;

require __DIR__ . '/shop.php';

$asked = [];
answerAsHub(static function (string $method, array $body, string $path) use (&$asked): array {
    $asked[] = $method . ' ' . $path;

    return [200, []];
});
$settings = get_option(Settings::OPTION, null);
connectShop();
if ($input['isCopy'] ?? false) {
    update_option(Store::OPTION, array_merge(get_option(Store::OPTION), ['url' => 'https://live.example']));
}
$order = orderOf(['meta' => [OrderReferral::CODE => 'ANNA77']])->get_id();
as_schedule_single_action(time() + 900, 'upline_deliver', [], 'upline');
set_transient('upline_ref_test', ['state' => 'known', 'name' => 'Anna M.'], 600);
$asked = [];
Plugin::uninstall();
global $wpdb;
$options = $wpdb->get_col("SELECT option_name FROM $wpdb->options WHERE option_name LIKE '%upline%'");
$tables = $wpdb->get_col("SHOW TABLES LIKE '%upline%'");
$actions = as_get_scheduled_actions(['group' => 'upline', 'per_page' => 5], 'ids');
$code = wc_get_order($order)->get_meta(OrderReferral::CODE);
Tables::ensure();
$settings === null || update_option(Settings::OPTION, $settings);
say(['asked' => $asked, 'options' => $options, 'tables' => $tables, 'actions' => count($actions), 'code' => $code]);

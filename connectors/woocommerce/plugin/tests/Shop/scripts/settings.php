<?php

/** What the settings refuse. */

declare(strict_types=1);

use Upline\WooCommerce\Settings;

require __DIR__ . '/shop.php';

$before = get_option(Settings::OPTION, null);
delete_option(Settings::OPTION);
$page = wp_insert_post(['post_type' => 'page', 'post_status' => 'publish', 'post_title' => 'Our team', 'post_name' => 'team']);
$settings = new Settings();
$usual = ['parameter' => 'ref', 'prefix' => 'r', 'window_days' => '30', 'touch' => 'last', 'field' => 'optional', 'show_buyer' => 'yes'];
$outcomes = [];
foreach ($input['tried'] as [$name, $value]) {
    $problems = $settings->save([$name => $value] + $usual);
    $outcomes[] = [$name, $value, $problems !== [], (string) $settings->all()[$name]];
    $settings->save($usual);
}
wp_delete_post($page, true);
$before === null ? delete_option(Settings::OPTION) : update_option(Settings::OPTION, $before);
say(['outcomes' => $outcomes]);

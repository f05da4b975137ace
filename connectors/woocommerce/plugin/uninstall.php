<?php

/** Runs when the plugin is deleted. The referral codes on orders and coupons stay: they are the evidence of commissions. */

defined('WP_UNINSTALL_PLUGIN') || exit;

require_once __DIR__ . '/src/autoload.php';

$uplineSites = is_multisite() ? get_sites(['fields' => 'ids', 'number' => 0]) : [0];
foreach ($uplineSites as $uplineSite) {
    if ($uplineSite > 0) {
        switch_to_blog($uplineSite);
    }
    Upline\WooCommerce\Plugin::uninstall();
    if ($uplineSite > 0) {
        restore_current_blog();
    }
}

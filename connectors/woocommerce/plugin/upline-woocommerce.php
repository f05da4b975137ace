<?php

/**
 * Plugin Name: Upline for WooCommerce
 * Description: Takes a distributor's referral code from the first click to the order, and every order to your Upline hub.
 * Version: 1.0.0
 * Requires at least: 6.2
 * Requires PHP: 7.4
 * Requires Plugins: woocommerce
 * WC requires at least: 8.2
 * WC tested up to: 11.0
 * Author: Upline
 * License: GPL-2.0-or-later
 * License URI: https://www.gnu.org/licenses/gpl-2.0.html
 * Text Domain: upline-woocommerce
 * Domain Path: /languages
 */

defined('ABSPATH') || exit;

if (PHP_VERSION_ID >= 70400) {
    require_once __DIR__ . '/src/autoload.php';
    Upline\WooCommerce\Plugin::load(__FILE__);
}

<?php

declare(strict_types=1);

namespace Upline\WooCommerce;

use Automattic\WooCommerce\Utilities\FeaturesUtil;
use Upline\WooCommerce\Connect\Hub;
use Upline\WooCommerce\Connect\Store;
use Upline\WooCommerce\Sync\Backfill;
use Upline\WooCommerce\Sync\Schedule;
use Upline\WooCommerce\Sync\Tables;
use Upline\WooCommerce\Sync\Unwritten;

/** Where WordPress meets the plugin: what is loaded, when, and in which order. */
final class Plugin
{
    public const VERSION = '1.0.0';
    private const WOOCOMMERCE = '8.2';

    /** @var string */
    private static $file = '';

    public static function load(string $file): void
    {
        self::$file = $file;
        register_activation_hook($file, Guard::action([self::class, 'activate']));
        register_deactivation_hook($file, Guard::action([self::class, 'deactivate']));
        add_action('before_woocommerce_init', Guard::action(static function () use ($file): void {
            if (class_exists(FeaturesUtil::class)) {
                FeaturesUtil::declare_compatibility('custom_order_tables', $file, true);
                FeaturesUtil::declare_compatibility('cart_checkout_blocks', $file, true);
            }
        }));
        // Before WooCommerce says that its blocks are loaded.
        add_action('plugins_loaded', Guard::action([self::class, 'start']), 5);
    }

    public static function start(): void
    {
        if (!defined('WC_VERSION') || version_compare(WC_VERSION, self::WOOCOMMERCE, '<')) {
            add_action('admin_notices', Guard::action([self::class, 'warnWithoutWooCommerce']));

            return;
        }
        Tables::ensure();
        add_action('init', static function (): void {
            load_plugin_textdomain('upline-woocommerce', false, dirname(plugin_basename(self::$file)) . '/languages');
        });
        (new Parts())->listen();
    }

    public static function activate(): void
    {
        Tables::ensure();
    }

    public static function deactivate(): void
    {
        Schedule::cancel();
        Backfill::fallAsleep();
    }

    public static function warnWithoutWooCommerce(): void
    {
        /* translators: %s: version number */
        $text = sprintf(__('Upline needs WooCommerce %s or newer and does nothing without it.', 'upline-woocommerce'), self::WOOCOMMERCE);
        echo '<div class="notice notice-warning"><p>' . esc_html($text) . '</p></div>';
    }

    public static function url(string $path): string
    {
        return plugins_url($path, self::$file);
    }

    public static function path(string $path): string
    {
        return plugin_dir_path(self::$file) . $path;
    }

    public static function basename(): string
    {
        return plugin_basename(self::$file);
    }

    /** Ends the bond in the hub, and takes everything away but what orders and coupons say about their distributor. */
    public static function uninstall(): void
    {
        $store = new Store();
        if ($store->mayDeliver()) {
            // Not answered: the shop goes all the same, and the hub shows a store that is silent.
            (new Hub($store))->disconnect();
        }
        Schedule::cancel();
        Schedule::forget();
        $options = [Store::OPTION, Store::SECRETS, Store::BEFORE, Settings::OPTION, Sync\Health::OPTION, Backfill::SEEN, Backfill::SLEPT, Unwritten::OPTION];
        foreach ($options as $option) {
            delete_option($option);
        }
        Tables::drop();
        self::forgetTransients();
    }

    private static function forgetTransients(): void
    {
        global $wpdb;
        $names = $wpdb->get_col($wpdb->prepare(
            "SELECT option_name FROM $wpdb->options WHERE option_name LIKE %s",
            $wpdb->esc_like('_transient_upline_') . '%'
        ));
        foreach ($names as $name) {
            delete_transient(substr((string) $name, strlen('_transient_')));
        }
    }
}

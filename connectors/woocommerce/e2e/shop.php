<?php

/**
 * The inside of a test shop, for the end-to-end suite: php shop.php <WordPress root> <site url> <command> < arguments as JSON.
 * Answers with one line: UPLINE: and JSON.
 */

declare(strict_types=1);

[, $root, $site, $command] = $argv;
$input = json_decode((string) stream_get_contents(STDIN), true) ?: [];
$_SERVER['HTTP_HOST'] = parse_url($site, PHP_URL_HOST) . (parse_url($site, PHP_URL_PORT) ? ':' . parse_url($site, PHP_URL_PORT) : '');
$_SERVER['REQUEST_METHOD'] = 'GET';
ob_start();
require $root . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/admin.php';

const PLUGIN = 'upline-woocommerce/upline-woocommerce.php';
const GATE = WPMU_PLUGIN_DIR . '/upline-e2e.php';

function productOf(string $sku, string $name, string $price): int
{
    $id = wc_get_product_id_by_sku($sku);
    $product = $id ? wc_get_product($id) : new WC_Product_Simple();
    $product->set_name($name);
    $product->set_sku($sku);
    $product->set_regular_price($price);
    $product->set_status('publish');
    $product->set_manage_stock(true);
    $product->set_stock_quantity(100000);

    return $product->save();
}

function couponOf(string $code, string $referral): void
{
    $coupon = new WC_Coupon($code);
    $coupon->set_code($code);
    $coupon->set_discount_type('percent');
    $coupon->set_amount(10);
    $coupon->update_meta_data('_upline_ref_code', $referral);
    $coupon->save();
}

function pageOf(string $slug, string $content): string
{
    $page = get_page_by_path($slug);
    $id = $page ? $page->ID : 0;
    $id = wp_insert_post(['ID' => $id, 'post_type' => 'page', 'post_status' => 'publish', 'post_title' => $slug,
        'post_name' => $slug, 'post_content' => $content]);

    return (string) get_permalink($id);
}

/** What WooCommerce itself puts on a new shop's checkout page. */
function checkoutBlock(): string
{
    return Closure::bind(static function (): string {
        return WC_Install::get_checkout_block_content();
    }, null, WC_Install::class)();
}

function payable(): void
{
    foreach (['cod' => 'Cash on delivery', 'bacs' => 'Bank transfer'] as $method => $title) {
        $settings = get_option("woocommerce_{$method}_settings", []);
        update_option("woocommerce_{$method}_settings", array_merge(
            is_array($settings) ? $settings : [],
            ['enabled' => 'yes', 'title' => $title]
        ));
    }
    $zone = WC_Shipping_Zones::get_zone_matching_package(['destination' => ['country' => 'DE', 'state' => '', 'postcode' => '10115']]);
    if ($zone->get_shipping_methods(true) === []) {
        $zone = new WC_Shipping_Zone();
        $zone->set_zone_name('Upline e2e');
        $zone->add_location('DE', 'country');
        $zone->save();
        $zone->add_shipping_method('flat_rate');
    }
    update_option('woocommerce_coming_soon', 'no');
}

function restKeys(int $user): array
{
    global $wpdb;
    $key = 'ck_' . wc_rand_hash();
    $secret = 'cs_' . wc_rand_hash();
    $wpdb->insert($wpdb->prefix . 'woocommerce_api_keys', ['user_id' => $user, 'description' => 'Upline e2e', 'permissions' => 'read_write',
        'consumer_key' => wc_api_hash($key), 'consumer_secret' => $secret, 'truncated_key' => substr($key, -7)]);

    return ['consumerKey' => $key, 'consumerSecret' => $secret];
}

$commands = [
    'gate' => static function (array $input) {
        wp_mkdir_p(WPMU_PLUGIN_DIR);

        $plugin = file_get_contents(__DIR__ . '/gate-plugin.php');

        return file_put_contents(GATE, str_replace("0/* the gate's port */", (string) (int) $input['port'], $plugin));
    },
    'install' => static function (array $input) {
        deactivate_plugins(PLUGIN);
        $folder = WP_PLUGIN_DIR . '/upline-woocommerce';
        if (is_link($folder)) {
            unlink($folder);
        }
        WP_Filesystem();
        $GLOBALS['wp_filesystem']->delete($folder, true);
        $unzipped = unzip_file($input['zip'], WP_PLUGIN_DIR);
        $activated = is_wp_error($unzipped) ? $unzipped : activate_plugin(PLUGIN);

        return is_wp_error($activated) ? ['problem' => $activated->get_error_message()] : ['problem' => null];
    },
    'prepare' => static function () {
        payable();
        couponOf('e2e-ben', 'BEN12');
        $password = wp_generate_password(20, false);
        $name = 'upline-e2e';
        $user = username_exists($name) ?: wp_create_user($name, $password, 'upline-e2e@example.test');
        wp_set_password($password, $user);
        (new WP_User($user))->set_role('administrator');

        return array_merge(restKeys($user), [
            'products' => [productOf('E2E-KIT', 'E2E Starter Kit', '49.90'), productOf('E2E-TEA', 'E2E Tea', '29.95')],
            'classic' => pageOf('e2e-classic-checkout', '[woocommerce_checkout]'),
            'block' => pageOf('e2e-block-checkout', checkoutBlock()),
            'user' => $name,
            'password' => $password,
            'versions' => ['woocommerce' => WC_VERSION, 'wordpress' => get_bloginfo('version'), 'php' => PHP_VERSION,
                'plugin' => get_plugin_data(WP_PLUGIN_DIR . '/' . PLUGIN)['Version'],
                'hpos' => get_option('woocommerce_custom_orders_table_enabled')],
        ]);
    },
    'checkout-page' => static function (array $input) {
        $before = (int) get_option('woocommerce_checkout_page_id');
        $page = $input['slug'] ?? null ? get_page_by_path($input['slug']) : null;
        update_option('woocommerce_checkout_page_id', $page ? $page->ID : (int) $input['id']);

        return $before;
    },
    'activate' => static function (array $input) {
        $input['active'] ? activate_plugin(PLUGIN) : deactivate_plugins(PLUGIN);

        return null;
    },
    // What WooCommerce Subscriptions does when a renewal is due, with an order in the place of the subscription.
    'renewal' => static function (array $input) {
        $subscription = wc_get_order($input['order']);
        $renewal = wc_create_order();
        foreach ($subscription->get_items() as $item) {
            $renewal->add_product($item->get_product(), $item->get_quantity());
        }
        $renewal->calculate_totals();
        $renewal = apply_filters('wcs_renewal_order_created', $renewal, $subscription);
        $renewal->payment_complete();

        return $renewal->get_id();
    },
    'outbox' => static function () {
        return (new Upline\WooCommerce\Sync\Outbox())->counts();
    },
    'clean' => static function () {
        global $wpdb;
        $wpdb->delete($wpdb->prefix . 'woocommerce_api_keys', ['description' => 'Upline e2e']);
        $user = username_exists('upline-e2e');
        $user && wp_delete_user($user);
        is_file(GATE) && unlink(GATE);

        return null;
    },
];

$answer = $commands[$command]($input);
ob_end_clean();
echo "\nUPLINE:" . json_encode($answer) . "\n";

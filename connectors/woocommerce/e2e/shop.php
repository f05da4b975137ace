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

function productOf(string $sku, string $name, string $price, string $taxClass = ''): int
{
    $id = wc_get_product_id_by_sku($sku);
    $product = $id ? wc_get_product($id) : new WC_Product_Simple();
    $product->set_name($name);
    $product->set_sku($sku);
    $product->set_regular_price($price);
    $product->set_tax_class($taxClass);
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

/** Rows of the shop's own tables; WooCommerce's code and the plugin have no part in it. */
function rows(string $sql, ...$values): array
{
    global $wpdb;

    return $wpdb->get_results($wpdb->prepare(str_replace('{p}', $wpdb->prefix, $sql), ...$values), ARRAY_A);
}

/** Lines of an order or of a refund. */
function linesOf(int $order): array
{
    return rows(
        "SELECT i.order_item_id id,
                MAX(CASE m.meta_key WHEN '_line_total' THEN m.meta_value END) total,
                MAX(CASE m.meta_key WHEN '_line_tax' THEN m.meta_value END) tax,
                MAX(CASE m.meta_key WHEN '_refunded_item_id' THEN m.meta_value END) refunded
           FROM {p}woocommerce_order_items i
           JOIN {p}woocommerce_order_itemmeta m ON m.order_item_id = i.order_item_id
          WHERE i.order_id = %d AND i.order_item_type = 'line_item' GROUP BY i.order_item_id",
        $order
    );
}

/** An order as its tables have it, with orders in tables of their own (HPOS) and without. */
function factsOf(int $id): array
{
    $isHpos = get_option('woocommerce_custom_orders_table_enabled') === 'yes';
    $order = $isHpos
        ? rows("SELECT status, total_amount total FROM {p}wc_orders WHERE id = %d AND type = 'shop_order'", $id)
        : rows("SELECT p.post_status status, m.meta_value total FROM {p}posts p LEFT JOIN {p}postmeta m
                 ON m.post_id = p.ID AND m.meta_key = '_order_total' WHERE p.ID = %d AND p.post_type = 'shop_order'", $id);
    $refunds = $isHpos
        ? rows("SELECT r.id, m.meta_value amount FROM {p}wc_orders r JOIN {p}wc_orders_meta m
                 ON m.order_id = r.id AND m.meta_key = '_refund_amount'
                 WHERE r.parent_order_id = %d AND r.type = 'shop_order_refund'", $id)
        : rows("SELECT r.ID id, m.meta_value amount FROM {p}posts r JOIN {p}postmeta m
                 ON m.post_id = r.ID AND m.meta_key = '_refund_amount'
                 WHERE r.post_parent = %d AND r.post_type = 'shop_order_refund'", $id);

    return [
        'id' => $id,
        'status' => $order === [] ? null : preg_replace('/^wc-/', '', $order[0]['status']),
        'total' => (string) ($order[0]['total'] ?? '0'),
        'lines' => array_map(static function (array $line): array {
            return ['id' => (string) $line['id'], 'total' => $line['total']];
        }, linesOf($id)),
        'refunds' => array_map(static function (array $refund): array {
            return ['amount' => $refund['amount'], 'lines' => array_map(static function (array $line): array {
                return ['id' => (string) $line['refunded'], 'total' => $line['total'], 'tax' => (string) ($line['tax'] ?? '0')];
            }, linesOf((int) $refund['id']))];
        }, $refunds),
    ];
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
            'products' => [productOf('E2E-KIT', 'E2E Starter Kit', '49.90'), productOf('E2E-TEA', 'E2E Tea', '29.95', 'reduced-rate')],
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
    // As a shop that was never connected: what earlier runs left would be sent to this run's hub.
    'reset' => static function () {
        (new Upline\WooCommerce\Sync\Outbox())->clear();
        foreach (['upline_store', 'upline_secrets', 'upline_store_before', 'upline_health', 'upline_slept'] as $option) {
            delete_option($option);
        }

        return null;
    },
    'connect' => static function (array $input) {
        $store = new Upline\WooCommerce\Connect\Store();
        $hub = new Upline\WooCommerce\Connect\Hub($store);
        $parts = [new Upline\WooCommerce\Sync\Health(), new Upline\WooCommerce\Sync\Outbox()];

        return ['problem' => (new Upline\WooCommerce\Connect\Handshake($store, $hub, ...$parts))->connect($input['code'], '', false)];
    },
    // The shop's address as WordPress has it; another one makes it what a copy of its database would be.
    'address' => static function (array $input) {
        update_option('home', $input['url']);
        update_option('siteurl', $input['url']);

        return null;
    },
    'status' => static function (array $input) {
        wc_get_order($input['order'])->update_status($input['status']);

        return null;
    },
    // "Send orders again", for what has changed since then.
    'send-again' => static function (array $input) {
        do_action('upline_backfill', (int) $input['since'], 1, 0);

        return null;
    },
    // What the order's screen writes when the shop's people correct the code, or clear it.
    'correct' => static function (array $input) {
        $order = wc_get_order($input['order']);
        foreach ($input['meta'] as $key => $value) {
            $value === null ? $order->delete_meta_data($key) : $order->update_meta_data($key, $value);
        }
        $order->save();

        return null;
    },
    'facts' => static function (array $input) {
        return array_map('factsOf', $input['orders']);
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

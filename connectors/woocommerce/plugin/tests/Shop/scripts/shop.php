<?php

/**
 * The inside of a shop for one test: php <script>.php <input as JSON>. The hub is a function in this process, put where
 * WordPress would open a connection; everything else is the shop's own.
 */

declare(strict_types=1);

use Upline\WooCommerce\Connect\Store;

$input = json_decode((string) ($argv[1] ?? '{}'), true);
$site = (string) getenv('UPLINE_WP_URL');
$_SERVER['HTTP_HOST'] = preg_replace('#^https?://#', '', $site);
$_SERVER['SERVER_NAME'] = parse_url($site, PHP_URL_HOST);
$_SERVER['REQUEST_METHOD'] = 'GET';
$_SERVER['REQUEST_URI'] = '/';
// Read by WordPress while it starts: options that are true for this process only.
foreach ($input['options'] ?? [] as $name => $value) {
    $GLOBALS['wp_filter']['pre_option_' . $name][10][] = ['accepted_args' => 0, 'function' => static function () use ($value) {
        return $value;
    }];
}
require getenv('UPLINE_WP_ROOT') . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/admin.php';

/** @param callable(string, array<string, mixed>, string): array{int, array<string, mixed>} $hub method, body, path => status, JSON */
function answerAsHub(callable $hub): void
{
    add_filter('pre_http_request', static function ($answer, array $request, string $url) use ($hub) {
        if (strpos($url, 'https://hub.test/') !== 0) {
            return $answer;
        }
        $body = json_decode((string) ($request['body'] ?? ''), true) ?: [];
        [$status, $json] = $hub($request['method'], $body, substr($url, strlen('https://hub.test')));
        if ($status === 0) {
            return new WP_Error('http_request_failed', 'cURL error 7: Failed to connect');
        }

        return ['headers' => [], 'body' => (string) json_encode($json), 'cookies' => [], 'filename' => null,
            'response' => ['code' => $status, 'message' => '']];
    }, 10, 3);
}

/** Connects the shop to the function above. */
function connectShop(): void
{
    (new Store())->connect('https://hub.test', [
        'store' => 'st_test',
        'ingestUrl' => 'https://hub.test/ingest/woocommerce/st_test',
        'secret' => 'whsec_' . base64_encode(str_repeat('k', 32)),
        'token' => 'upt_testtesttest',
        'company' => 'Test Company',
    ]);
    delete_option('upline_health');
    $GLOBALS['wpdb']->query('DELETE FROM ' . Upline\WooCommerce\Sync\Tables::outbox());
}

/** @param array<string, mixed> $with */
function orderOf(array $with = []): WC_Order
{
    $product = new WC_Product_Simple();
    $product->set_name('Tea');
    $product->set_regular_price('10.00');
    $product->set_virtual(true);
    $product->save();
    $order = wc_create_order(['status' => $with['status'] ?? 'on-hold']);
    $order->add_product($product, 3);
    foreach ($with['meta'] ?? [] as $key => $value) {
        $order->update_meta_data($key, $value);
    }
    $order->calculate_totals();
    $order->save();

    return $order;
}

/** @return array<int, array<string, string>> */
function rowsOfOrder(int $id): array
{
    global $wpdb;

    return $wpdb->get_results($wpdb->prepare(
        'SELECT revision, state, claim, last_problem FROM ' . Upline\WooCommerce\Sync\Tables::outbox() . " WHERE entity = 'order' AND entity_id = %d",
        $id
    ), ARRAY_A);
}

/** @param array<string, mixed> $answer */
function say(array $answer): void
{
    echo "\nSHOP:" . json_encode($answer) . "\n";
}

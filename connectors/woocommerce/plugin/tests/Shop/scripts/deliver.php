<?php

/** Delivers an order that another process changes while the hub has not answered yet. */

declare(strict_types=1);

require __DIR__ . '/shop.php';

$order = 0;
$sent = [];
answerAsHub(static function (string $method, array $body) use (&$order, &$sent, $input): array {
    $shown = $body['data']['order'] ?? [];
    if ((int) ($shown['id'] ?? 0) !== $order || $order === 0) {
        return [202, []];
    }
    $sent[] = $shown['status'] . ', refunds ' . count($body['data']['refunds'] ?? []);
    if (count($sent) === 1) {
        $change = ['what' => $input['what'], 'order' => $order, 'options' => $input['options'] ?? []];
        exec(PHP_BINARY . ' ' . escapeshellarg(__DIR__ . '/change.php') . ' ' . escapeshellarg((string) json_encode($change)));
    }

    return [202, []];
});
connectShop();
$made = orderOf(['status' => $input['what'] === 'paid' ? 'on-hold' : 'processing']);
if ($input['what'] === 'refund deleted') {
    wc_create_refund(['order_id' => $made->get_id(), 'amount' => '10']);
}
$order = $made->get_id();
// After the plugin has delivered, which it does when the request ends.
add_action('shutdown', static function () use (&$order, &$sent): void {
    wp_cache_flush();
    global $wpdb;
    $now = wc_get_order($order);
    say([
        'sent' => $sent,
        'now' => $now ? $now->get_status() . ', refunds ' . count($now->get_refunds()) : 'deleted, refunds 0',
        'waiting' => rowsOfOrder($order),
        'hpos' => Automattic\WooCommerce\Utilities\OrderUtil::custom_orders_table_usage_is_enabled(),
    ]);
    (new Upline\WooCommerce\Connect\Store())->forget();
}, 100000);

<?php

/** An order that the database holds and WooCommerce cannot read now, and one that is gone. */

declare(strict_types=1);

require __DIR__ . '/shop.php';

$types = [];
$orders = [];
answerAsHub(static function (string $method, array $body) use (&$types, &$orders): array {
    $id = (int) ($body['data']['order']['id'] ?? 0);
    if (in_array($id, $orders, true)) {
        $types[array_search($id, $orders, true)][] = $body['type'];
    }

    return [202, []];
});
connectShop();
$hidden = orderOf();
$gone = orderOf();
$orders = ['hidden' => $hidden->get_id(), 'gone' => $gone->get_id()];
$gone->delete(true);
add_filter('woocommerce_order_class', static function ($class, $type, $id) use ($hidden) {
    return $id === $hidden->get_id() ? false : $class;
}, 10, 3);
add_action('shutdown', static function () use (&$types, $orders): void {
    say(['types' => $types, 'waiting' => rowsOfOrder($orders['hidden']), 'left' => rowsOfOrder($orders['gone'])]);
    (new Upline\WooCommerce\Connect\Store())->forget();
}, 100000);

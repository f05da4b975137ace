<?php

/** What is sent of an order in a shop that shows no decimals. */

declare(strict_types=1);

require __DIR__ . '/shop.php';

$shown = [];
$id = 0;
answerAsHub(static function (string $method, array $body) use (&$shown, &$id): array {
    if ((int) ($body['data']['order']['id'] ?? 0) === $id) {
        $shown = $body['data'];
    }

    return [202, []];
});
connectShop();
$order = orderOf(['status' => 'processing']);
$id = $order->get_id();
foreach ($order->get_items() as $item) {
    $item->set_subtotal('44.9');
    $item->set_total('39.6639');
    $item->save();
}
$fee = new WC_Order_Item_Fee();
$fee->set_name('Points');
$fee->set_total('-5.25');
$order->add_item($fee);
$order->save();
$lines = array_keys($order->get_items());
wc_create_refund(['order_id' => $id, 'amount' => '3.33', 'line_items' => [$lines[0] => ['qty' => 0, 'refund_total' => '3.33']]]);
add_action('shutdown', static function () use (&$shown): void {
    say([
        'line' => $shown['order']['line_items'][0]['total'],
        'subtotal' => $shown['order']['line_items'][0]['subtotal'],
        'fee' => $shown['order']['fee_lines'][0]['total'],
        'refund' => $shown['refunds'][0]['amount'],
        'refundLine' => $shown['refunds'][0]['line_items'][0]['total'],
    ]);
    (new Upline\WooCommerce\Connect\Store())->forget();
}, 100000);

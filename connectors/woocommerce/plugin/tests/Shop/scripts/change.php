<?php

/** Another request of the shop: changes an order while the first one delivers it. */

declare(strict_types=1);

require __DIR__ . '/shop.php';

answerAsHub(static function (): array {
    return [503, []];
});
$order = wc_get_order((int) $input['order']);
switch ($input['what']) {
    case 'paid':
        $order->payment_complete('tx');
        break;
    case 'refunded':
        wc_create_refund(['order_id' => $order->get_id(), 'amount' => '10']);
        break;
    case 'refund deleted':
        foreach ($order->get_refunds() as $refund) {
            $refund->delete(true);
        }
        break;
    case 'deleted':
        $order->delete(true);
        break;
}
say(['done' => true]);

<?php

/** What the shop's people do with an order: documents, cancellation, hold, and whose it is. */

declare(strict_types=1);

use Magento\Framework\DB\Transaction;
use Magento\Sales\Api\CreditmemoManagementInterface;
use Magento\Sales\Api\OrderManagementInterface;
use Magento\Sales\Api\OrderRepositoryInterface;
use Magento\Sales\Api\ShipOrderInterface;
use Magento\Sales\Model\Order\CreditmemoFactory;
use Magento\Sales\Model\Service\InvoiceService;
use Upline\Connector\Model\OrderReferral;

return static function ($om): array {
    $orders = $om->get(OrderRepositoryInterface::class);
    /** By place: quantities of the order's items, children among them, in the order of the table. */
    $byItem = static function ($order, array $quantities): array {
        $ids = array_map(static fn ($item): int => (int) $item->getId(), array_values($order->getAllItems()));

        return array_combine($ids, array_map(static fn (int $at) => $quantities[$at] ?? 0, array_keys($ids)));
    };

    return [
        'invoice' => static function (array $input) use ($om, $orders, $byItem): void {
            $order = $orders->get($input['order']);
            $quantities = isset($input['quantities']) ? $byItem($order, $input['quantities']) : [];
            $invoice = $om->get(InvoiceService::class)->prepareInvoice($order, $quantities);
            $invoice->setRequestedCaptureCase('offline');
            $invoice->register();
            $order->setIsInProcess(true);
            $om->create(Transaction::class)->addObject($invoice)->addObject($order)->save();
        },
        'creditmemo' => static function (array $input) use ($om, $orders, $byItem): void {
            $order = $orders->get($input['order']);
            $memo = $om->get(CreditmemoFactory::class)->createByOrder($order, [
                'qtys' => $byItem($order, $input['quantities']),
                'shipping_amount' => $input['shipping'] ?? 0,
                'adjustment_positive' => $input['more'] ?? 0,
                'adjustment_negative' => $input['fee'] ?? 0,
            ]);
            $om->get(CreditmemoManagementInterface::class)->refund($memo, true);
        },
        'cancel' => static fn (array $input): bool => $om->get(OrderManagementInterface::class)->cancel($input['order']),
        'hold' => static fn (array $input): bool => $om->get(OrderManagementInterface::class)->hold($input['order']),
        'ship' => static fn (array $input): int => (int) $om->get(ShipOrderInterface::class)->execute($input['order']),
        // What the form on the order's page does.
        'correct' => static function (array $input) use ($om, $orders): void {
            $order = $orders->get($input['order']);
            $referral = $om->get(OrderReferral::class);
            $input['code'] === null ? $referral->clear($order) : $referral->set($order, $input['code']);
            $orders->save($order);
        },
    ];
};

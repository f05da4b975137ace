<?php

declare(strict_types=1);

namespace Upline\Connector\Observer;

use Magento\Framework\Event\Observer;
use Magento\Framework\Event\ObserverInterface;
use Upline\Connector\Rules\Attribution;

/** An order is edited in the administration: the cart made of it keeps whose it was. One that is ordered again is a new sale. */
class KeepReferral implements ObserverInterface
{
    public function execute(Observer $observer): void
    {
        $quote = $observer->getEvent()->getData('quote');
        $order = $observer->getEvent()->getData('order');
        if ($order->getReordered()) {
            return;
        }
        foreach (Attribution::COLUMNS as $column) {
            $quote->setData($column, $order->getData($column));
        }
    }
}

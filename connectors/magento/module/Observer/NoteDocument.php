<?php

declare(strict_types=1);

namespace Upline\Connector\Observer;

use Magento\Framework\Event\Observer;
use Magento\Framework\Event\ObserverInterface;
use Upline\Connector\Model\Changes;

/** An invoice or a credit memo is saved or deleted: its order has changed. */
class NoteDocument implements ObserverInterface
{
    public function __construct(private readonly Changes $changes)
    {
    }

    public function execute(Observer $observer): void
    {
        $event = $observer->getEvent();
        $document = $event->getData('invoice') ?? $event->getData('creditmemo');
        $this->changes->note('order', (int) $document?->getOrderId());
    }
}

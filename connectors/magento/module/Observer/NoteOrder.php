<?php

declare(strict_types=1);

namespace Upline\Connector\Observer;

use Magento\Framework\Event\Observer;
use Magento\Framework\Event\ObserverInterface;
use Upline\Connector\Model\Changes;

/** An order is saved or deleted, within the transaction that does it. */
class NoteOrder implements ObserverInterface
{
    public function __construct(private readonly Changes $changes)
    {
    }

    public function execute(Observer $observer): void
    {
        $this->changes->note('order', (int) $observer->getEvent()->getData('order')?->getId());
    }
}

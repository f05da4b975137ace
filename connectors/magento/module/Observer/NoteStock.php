<?php

declare(strict_types=1);

namespace Upline\Connector\Observer;

use Magento\Framework\Event\Observer;
use Magento\Framework\Event\ObserverInterface;
use Upline\Connector\Model\Changes;

class NoteStock implements ObserverInterface
{
    public function __construct(private readonly Changes $changes)
    {
    }

    public function execute(Observer $observer): void
    {
        $this->changes->note('stock', (int) $observer->getEvent()->getData('item')?->getProductId());
    }
}

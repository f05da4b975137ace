<?php

declare(strict_types=1);

namespace Upline\Connector\Observer;

use Magento\Framework\Event\Observer;
use Magento\Framework\Event\ObserverInterface;
use Upline\Connector\Rules\Attribution;

/**
 * A guest signs in: what the guest's cart says is the newer word. Magento merges none of these columns by itself, and merges either
 * way: the guest's cart into the account's in the shop's pages, the account's into the guest's over REST.
 */
class MergeReferral implements ObserverInterface
{
    public function execute(Observer $observer): void
    {
        $quote = $observer->getEvent()->getData('quote');
        $source = $observer->getEvent()->getData('source');
        foreach ([Attribution::VISIT, Attribution::TYPED] as $column) {
            $isNewer = !$source->getData('customer_id') || $quote->getData($column) === null;
            if ($isNewer && $source->getData($column) !== null) {
                $quote->setData($column, $source->getData($column));
            }
        }
    }
}

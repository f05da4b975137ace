<?php

declare(strict_types=1);

namespace Upline\Connector\Observer;

use Magento\Framework\Event\Observer;
use Magento\Framework\Event\ObserverInterface;
use Psr\Log\LoggerInterface;
use Throwable;
use Upline\Connector\Model\Evidence;

/**
 * A cart becomes an order: in the checkout, over REST and GraphQL, in the administration, and once for each address of a
 * multishipping checkout. Magento's own copying of columns (fieldset.xml) leaves out those that others have added.
 */
class WriteReferral implements ObserverInterface
{
    public function __construct(private readonly Evidence $evidence, private readonly LoggerInterface $logger)
    {
    }

    public function execute(Observer $observer): void
    {
        try {
            $this->evidence->write($observer->getEvent()->getData('quote'), $observer->getEvent()->getData('order'));
        } catch (Throwable $problem) {
            $this->logger->error('upline: ' . $problem->getMessage(), ['exception' => $problem]);
        }
    }
}

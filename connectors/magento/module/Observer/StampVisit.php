<?php

declare(strict_types=1);

namespace Upline\Connector\Observer;

use Magento\Framework\Event\Observer;
use Magento\Framework\Event\ObserverInterface;
use Psr\Log\LoggerInterface;
use Throwable;
use Upline\Connector\Model\ReferralCookie;
use Upline\Connector\Rules\Attribution;

/** The cart remembers the visitor's links, for a customer who orders from another device. */
class StampVisit implements ObserverInterface
{
    public function __construct(private readonly ReferralCookie $cookie, private readonly LoggerInterface $logger)
    {
    }

    public function execute(Observer $observer): void
    {
        try {
            $visit = $this->cookie->raw();
            if ($visit !== '') {
                $observer->getEvent()->getData('quote')->setData(Attribution::VISIT, $visit);
            }
        } catch (Throwable $problem) {
            $this->logger->error('upline: ' . $problem->getMessage(), ['exception' => $problem]);
        }
    }
}

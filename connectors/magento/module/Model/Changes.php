<?php

declare(strict_types=1);

namespace Upline\Connector\Model;

use Magento\Framework\DB\Adapter\DeadlockException;
use Psr\Log\LoggerInterface;
use Throwable;

/**
 * Notes every change in the outbox, in the transaction that makes it. Whatever goes wrong here, the shop goes on: an order is
 * worth more than a note about it, and the hub finds what it was not told when it reads the shop itself.
 */
class Changes
{
    public function __construct(
        private readonly Outbox $outbox,
        private readonly Store $store,
        private readonly AfterResponse $afterResponse,
        private readonly LoggerInterface $logger
    ) {
    }

    public function note(string $entity, int $id, string $act = 'updated'): void
    {
        try {
            if ($id > 0 && $this->store->isListening()) {
                $this->outbox->mark($entity, $id, $act, time());
                $this->afterResponse->deliver($entity, $id);
            }
        } catch (DeadlockException $problem) {
            // The database has rolled back the whole transaction already: going on would save half an order.
            throw $problem;
        } catch (Throwable $problem) {
            $this->logger->error('upline: a change could not be noted: ' . $problem->getMessage(), ['exception' => $problem]);
        }
    }
}

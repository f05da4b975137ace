<?php

declare(strict_types=1);

namespace Upline\Connector\Cron;

use Magento\Framework\Lock\LockManagerInterface;
use Upline\Connector\Model\Courier;
use Upline\Connector\Model\Health;

/** Every minute: brings what waits to the hub. Two runs never work at the same time. */
class Deliver
{
    public const LOCK = 'upline_deliver';
    private const SECONDS = 50;

    public function __construct(
        private readonly Courier $courier,
        private readonly Health $health,
        private readonly LockManagerInterface $locks
    ) {
    }

    public function execute(): void
    {
        $this->health->jobRan(time());
        if (!$this->locks->lock(self::LOCK, 0)) {
            return;
        }
        try {
            $this->courier->run(self::SECONDS);
        } finally {
            $this->locks->unlock(self::LOCK);
        }
    }
}

<?php

declare(strict_types=1);

namespace Upline\Connector\Console;

use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Output\OutputInterface;
use Upline\Connector\Model\Health;
use Upline\Connector\Model\Outbox;
use Upline\Connector\Model\Store;

/** What waits, what is dead, and how the hub has answered lately. */
class OutboxStatus extends Command
{
    public function __construct(
        private readonly Outbox $outbox,
        private readonly Store $store,
        private readonly Health $health
    ) {
        parent::__construct();
    }

    protected function configure(): void
    {
        $this->setName('upline:outbox:status')->setDescription('Shows what has not reached the hub yet');
    }

    protected function execute(InputInterface $input, OutputInterface $output): int
    {
        $counts = $this->outbox->counts();
        $health = $this->health->read();
        $at = static fn (int $time): string => $time === 0 ? 'never' : gmdate('Y-m-d H:i:s', $time) . ' UTC';
        $output->writeln([
            'Hub:           ' . ($this->store->isConnected() ? $this->store->hub() : 'not connected'),
            'Store:         ' . ($this->store->storeId() === '' ? '-' : $this->store->storeId()),
            'Sends:         ' . ($this->store->mayDeliver() ? 'yes' : 'no'),
            'Waiting:       ' . $counts['waiting'] . ($counts['oldest'] > 0 ? ' (since ' . $at($counts['oldest']) . ')' : ''),
            'Dead:          ' . $counts['dead'],
            'Last delivery: ' . $at((int) $health['lastDeliveryAt']),
            'Last problem:  ' . ($health['lastProblem'] === '' ? '-' : $at((int) $health['lastProblemAt']) . ' ' . $health['lastProblem']),
            'Cron ran:      ' . $at($this->health->jobRanAt()),
        ]);

        return $counts['dead'] > 0 || ($this->store->isConnected() && !$this->store->mayDeliver()) ? self::FAILURE : self::SUCCESS;
    }
}

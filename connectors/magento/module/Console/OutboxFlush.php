<?php

declare(strict_types=1);

namespace Upline\Connector\Console;

use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Input\InputOption;
use Symfony\Component\Console\Output\OutputInterface;
use Upline\Connector\Model\Courier;
use Upline\Connector\Model\Health;
use Upline\Connector\Model\Outbox;
use Upline\Connector\Model\Store;

/** Delivers now what waits, without waiting for its time. */
class OutboxFlush extends Command
{
    private const SECONDS = 300;

    public function __construct(
        private readonly Courier $courier,
        private readonly Outbox $outbox,
        private readonly Health $health,
        private readonly Store $store
    ) {
        parent::__construct();
    }

    protected function configure(): void
    {
        $this->setName('upline:outbox:flush')->setDescription('Delivers now what waits')
            ->addOption('seconds', null, InputOption::VALUE_REQUIRED, 'Stops after so many seconds', (string) self::SECONDS);
    }

    protected function execute(InputInterface $input, OutputInterface $output): int
    {
        if (!$this->store->mayDeliver()) {
            $output->writeln('<error>' . ($this->store->isConnected()
                ? 'This shop is at another address than the one it was connected at: nothing is sent. See Sales > Upline.'
                : 'This shop is not connected to a hub. See upline:connect.') . '</error>');

            return self::FAILURE;
        }
        $this->outbox->hurryAll(time());
        $this->health->resume();
        $stored = $this->courier->run(max(1, (int) $input->getOption('seconds')));
        $counts = $this->outbox->counts();
        $output->writeln(sprintf('%d delivered, %d waiting, %d dead.', $stored, $counts['waiting'], $counts['dead']));

        return $counts['waiting'] + $counts['dead'] > 0 ? self::FAILURE : self::SUCCESS;
    }
}

<?php

declare(strict_types=1);

namespace Upline\Connector\Console;

use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Input\InputArgument;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Output\OutputInterface;
use Upline\Connector\Model\Outbox;

/** Dead deliveries are tried again. */
class OutboxRetry extends Command
{
    public function __construct(private readonly Outbox $outbox)
    {
        parent::__construct();
    }

    protected function configure(): void
    {
        $this->setName('upline:outbox:retry')->setDescription('Tries dead deliveries again')
            ->addArgument('id', InputArgument::OPTIONAL, 'One row of the outbox; all dead ones where absent');
    }

    protected function execute(InputInterface $input, OutputInterface $output): int
    {
        $id = $input->getArgument('id');
        if ($id !== null && !ctype_digit($id)) {
            $output->writeln('<error>The argument "id" is the number of a row, as the screen Sales > Upline shows it.</error>');

            return self::INVALID;
        }
        $count = $this->outbox->retry($id === null ? null : (int) $id, time());
        $output->writeln($count . ' waiting again. The next run of cron brings them, or upline:outbox:flush.');

        return self::SUCCESS;
    }
}

<?php

declare(strict_types=1);

namespace Upline\Connector\Console;

use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Input\InputArgument;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Input\InputOption;
use Symfony\Component\Console\Output\OutputInterface;
use Upline\Connector\Model\Handshake;
use Upline\Connector\Model\Store;

/** Exchanges a connection code of the hub for this shop's keys. */
class Connect extends Command
{
    public function __construct(private readonly Handshake $handshake, private readonly Store $store)
    {
        parent::__construct();
    }

    protected function configure(): void
    {
        $this->setName('upline:connect')->setDescription('Connects this shop to a hub')
            ->addArgument('code', InputArgument::REQUIRED, 'The connection code that the hub shows')
            ->addOption('hub', null, InputOption::VALUE_REQUIRED, 'The hub\'s address, where the code does not name it', '')
            ->addOption('moved', null, InputOption::VALUE_NONE, 'This is the shop that was connected at another address before');
    }

    protected function execute(InputInterface $input, OutputInterface $output): int
    {
        $problem = $this->handshake->connect(
            (string) $input->getArgument('code'),
            (string) $input->getOption('hub'),
            (bool) $input->getOption('moved')
        );
        if ($problem !== '') {
            $output->writeln('<error>' . $problem . '</error>');

            return self::FAILURE;
        }
        $output->writeln(sprintf('Connected to %s as %s of %s.', $this->store->hub(), $this->store->storeId(), $this->store->company()));

        return self::SUCCESS;
    }
}

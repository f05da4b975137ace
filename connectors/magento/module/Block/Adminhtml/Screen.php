<?php

declare(strict_types=1);

namespace Upline\Connector\Block\Adminhtml;

use Magento\Backend\Block\Template;
use Magento\Backend\Block\Template\Context;
use Upline\Connector\Model\Health;
use Upline\Connector\Model\Journal;
use Upline\Connector\Model\Outbox;
use Upline\Connector\Model\Store;

/** Sales > Upline: the connection, the health of deliveries, what has not reached the hub. */
class Screen extends Template
{
    private const PAGE = 50;
    /** Cron runs every minute; this much later it does not run. */
    private const CRON_LATE_SECONDS = 600;

    /** @param array<string, mixed> $data */
    public function __construct(
        Context $context,
        private readonly Store $store,
        private readonly Outbox $outbox,
        private readonly Health $health,
        private readonly Journal $journal,
        array $data = []
    ) {
        parent::__construct($context, $data);
    }

    public function store(): Store
    {
        return $this->store;
    }

    public function mayConnect(): bool
    {
        return $this->_authorization->isAllowed('Upline_Connector::connect');
    }

    /** @return array{waiting: int, dead: int, oldest: int, retrying: int} */
    public function counts(): array
    {
        return $this->outbox->counts();
    }

    /** @return array<string, int|string> */
    public function health(): array
    {
        return $this->health->read();
    }

    public function page(): int
    {
        return max(1, (int) $this->getRequest()->getParam('p'));
    }

    /** @return array<int, array<string, string>> one more than a page has, where there is another */
    private function rows(): array
    {
        return $this->outbox->undelivered(self::PAGE + 1, self::PAGE * ($this->page() - 1));
    }

    /** @return array{rows: array<int, array<string, string>>, hasMore: bool} */
    public function undelivered(): array
    {
        $rows = $this->rows();

        return ['rows' => array_slice($rows, 0, self::PAGE), 'hasMore' => count($rows) > self::PAGE];
    }

    /** @return array<int, array<string, string>> */
    public function journal(): array
    {
        return $this->journal->latest(20);
    }

    /** What somebody has to do something about, in words; empty where nothing is. */
    public function alarm(): string
    {
        $health = $this->health->read();
        $counts = $this->outbox->counts();
        $now = time();
        $ranAt = $this->health->jobRanAt();
        if (!$this->store->isConnected() || !$this->store->isHere()) {
            return '';
        }
        if ((int) $health['refusedStatus'] > 0) {
            return (string) __('The hub does not accept this shop any more. Connect it again. Nothing is lost: everything waits.');
        }
        if ($now - max($ranAt, $this->store->connectedAt()) > self::CRON_LATE_SECONDS) {
            return (string) __('Magento\'s cron does not run: deliveries that have to be tried again wait for it. Set it up with "bin/magento cron:install".');
        }
        if ($counts['dead'] > 0) {
            return (string) __('%1 deliveries are given up: the hub refused them. See below.', $counts['dead']);
        }
        if ((int) $health['failures'] > 0) {
            return (string) __('The hub cannot be reached: %1 Orders wait here and go out once it is back.', $health['lastProblem']);
        }

        return '';
    }

    /** @param array<string, string|null> $row of the outbox or the journal */
    public function what(array $row): string
    {
        $kind = (string) match ($row['entity']) {
            'order' => __('Order'),
            'product' => __('Product'),
            'stock' => __('Stock'),
            default => $row['entity'],
        };

        return $kind . ' #' . ($row['number'] ?? $row['entity_id']);
    }

    public function outcome(string $outcome): string
    {
        return (string) match ($outcome) {
            'stored' => __('delivered'),
            'again' => __('tried again later'),
            'dead' => __('given up'),
            default => $outcome,
        };
    }

    public function time(int $at): string
    {
        return $at === 0 ? (string) __('never') : $this->formatDate(new \DateTime('@' . $at), \IntlDateFormatter::SHORT, true);
    }
}

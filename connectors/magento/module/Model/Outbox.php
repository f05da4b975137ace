<?php

declare(strict_types=1);

namespace Upline\Connector\Model;

use Magento\Framework\App\ResourceConnection;
use Magento\Framework\DB\Adapter\AdapterInterface;
use Magento\Framework\DB\Select;
use Upline\Connector\Domain\Answer;

/**
 * What has changed in the shop and has not reached the hub yet: one row per entity, however often it changed. A row is an
 * address, not a content: the body is read from the shop when it is sent. It lies in the database of the orders, so that an
 * order and its row are saved together or not at all.
 */
class Outbox
{
    public const CONNECTION = 'sales';
    private const TABLE = 'upline_outbox';
    private const CLAIM_SECONDS = 60;

    public function __construct(private readonly ResourceConnection $resources)
    {
    }

    /** Notes that an entity changed. A change during a delivery bumps the revision, so that the row outlives it. */
    public function mark(string $entity, int $id, string $act, int $now): void
    {
        // In an assignment list MySQL sees the values set before it: state comes last.
        $this->db()->query(
            "INSERT INTO {$this->table()} (entity, entity_id, act, changed_at, next_attempt_at) VALUES (?, ?, ?, ?, ?)
            ON DUPLICATE KEY UPDATE act = VALUES(act), revision = revision + 1, changed_at = VALUES(changed_at),
            next_attempt_at = VALUES(next_attempt_at), attempts = IF(state = 'dead', 0, attempts),
            first_failed_at = IF(state = 'dead', 0, first_failed_at), state = 'waiting'",
            [$entity, $id, $act, $now, $now]
        );
    }

    /**
     * Takes rows that are due; nobody else gets them for a minute. One by one and by their keys: a range would be locked as a
     * whole, and hold up a checkout that writes into it.
     *
     * @param array<int, array{entity: string, id: int}> $only just these entities; all where empty
     * @return array<int, array<string, string>>
     */
    public function claim(int $limit, int $now, array $only = []): array
    {
        $db = $this->db();
        $claim = bin2hex(random_bytes(8));
        $due = $db->select()->from($this->table(), 'id')->where('state = ?', 'waiting')
            ->where('next_attempt_at <= ?', $now)->where('claimed_until < ?', $now)->order('id')->limit($limit);
        if ($only !== []) {
            $due->where(implode(' OR ', array_map(
                static fn (array $one): string => $db->quoteInto('(entity = ?', $one['entity'])
                    . $db->quoteInto(' AND entity_id = ?)', $one['id']),
                $only
            )));
        }
        $rows = [];
        foreach ($db->fetchCol($due) as $id) {
            $taken = $db->update($this->table(), ['claim' => $claim, 'claimed_until' => $now + self::CLAIM_SECONDS], [
                'id = ?' => $id,
                'state = ?' => 'waiting',
                'next_attempt_at <= ?' => $now,
                'claimed_until < ?' => $now,
            ]);
            $row = $taken === 1 ? $db->fetchRow($db->select()->from($this->table())->where('id = ?', $id)) : false;
            if ($row) {
                $rows[] = $row;
            }
        }

        return $rows;
    }

    /**
     * The hub has it: the row goes, unless the entity changed since it was claimed.
     *
     * @param array<string, string> $row
     */
    public function delivered(array $row, int $now): void
    {
        $mine = ['id = ?' => $row['id'], 'claim = ?' => $row['claim']];
        if ($this->db()->delete($this->table(), $mine + ['revision = ?' => $row['revision']]) === 0) {
            $this->db()->update($this->table(), [
                'claim' => '',
                'claimed_until' => 0,
                'attempts' => 0,
                'first_failed_at' => 0,
                'next_attempt_at' => $now,
            ], $mine);
        }
    }

    /**
     * The delivery failed: it waits until $nextAttemptAt, or is dead where that is null.
     *
     * @param array<string, string> $row
     */
    public function failed(array $row, int $status, string $problem, ?int $nextAttemptAt, int $now): void
    {
        $this->db()->query(
            "UPDATE {$this->table()} SET claim = '', claimed_until = 0, attempts = LEAST(attempts + 1, 60000),
            first_failed_at = IF(first_failed_at = 0, ?, first_failed_at), next_attempt_at = ?, last_status = ?, last_problem = ?,
            state = IF(? = 1 AND revision = ?, 'dead', 'waiting') WHERE id = ? AND claim = ?",
            [$now, $nextAttemptAt ?? $now, $status, mb_substr($problem, 0, 255), $nextAttemptAt === null ? 1 : 0, $row['revision'],
                $row['id'], $row['claim']]
        );
    }

    /**
     * Gives back claimed rows that were not tried.
     *
     * @param array<int, array<string, string>> $rows
     */
    public function release(array $rows): void
    {
        foreach ($rows as $row) {
            $this->db()->update(
                $this->table(),
                ['claim' => '', 'claimed_until' => 0],
                ['id = ?' => $row['id'], 'claim = ?' => $row['claim']]
            );
        }
    }

    /** The hub is back: what waited only for it is due now. */
    public function hurry(int $now): void
    {
        $this->db()->update($this->table(), ['next_attempt_at' => $now], [
            'state = ?' => 'waiting',
            'next_attempt_at > ?' => $now,
            'last_status IN (?)' => Answer::HUB_AWAY,
        ]);
    }

    /** Everything that waits is due now, whatever it waited for. */
    public function hurryAll(int $now): void
    {
        $this->db()->update(
            $this->table(),
            ['next_attempt_at' => $now, 'attempts' => 0, 'first_failed_at' => 0],
            ['state = ?' => 'waiting']
        );
    }

    /** Forgets everything: what a copy of a shop has noted is nobody's business. */
    public function clear(): void
    {
        $this->db()->delete($this->table());
    }

    /** @param int|null $id one dead row, or all of them */
    public function retry(?int $id, int $now): int
    {
        return $this->db()->update(
            $this->table(),
            ['state' => 'waiting', 'attempts' => 0, 'first_failed_at' => 0, 'next_attempt_at' => $now],
            ['state = ?' => 'dead'] + ($id === null ? [] : ['id = ?' => $id])
        );
    }

    /** @return array{waiting: int, dead: int, oldest: int, retrying: int} */
    public function counts(): array
    {
        $row = $this->db()->fetchRow("SELECT COALESCE(SUM(state = 'waiting'), 0) waiting, COALESCE(SUM(state = 'dead'), 0) dead,
            COALESCE(MIN(IF(state = 'waiting', changed_at, NULL)), 0) oldest,
            COALESCE(SUM(state = 'waiting' AND attempts > 0), 0) retrying FROM {$this->table()}");

        return array_map('intval', $row);
    }

    /**
     * What has not reached the hub: dead rows first, then what waits longest.
     *
     * @return array<int, array<string, string>>
     */
    public function undelivered(int $limit, int $offset): array
    {
        $rows = $this->db()->select()->from(['noted' => $this->table()]);

        return $this->db()->fetchAll(
            self::withNumbers($rows, $this->resources)
                ->order(['noted.state ASC', 'noted.changed_at ASC', 'noted.id ASC'])->limit($limit, $offset)
        );
    }

    /** Adds the number by which the shop's people know an order to the rows of a table called "noted". */
    public static function withNumbers(Select $rows, ResourceConnection $resources): Select
    {
        return $rows->joinLeft(
            ['orders' => $resources->getTableName('sales_order', self::CONNECTION)],
            "noted.entity = 'order' AND orders.entity_id = noted.entity_id",
            ['number' => 'increment_id']
        );
    }

    private function db(): AdapterInterface
    {
        return $this->resources->getConnection(self::CONNECTION);
    }

    private function table(): string
    {
        return $this->resources->getTableName(self::TABLE, self::CONNECTION);
    }
}

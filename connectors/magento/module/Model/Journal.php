<?php

declare(strict_types=1);

namespace Upline\Connector\Model;

use Magento\Framework\App\ResourceConnection;

/** The last 500 attempts to deliver, for people to read. Holds no personal data. */
class Journal
{
    private const TABLE = 'upline_journal';
    private const KEPT = 500;

    public function __construct(private readonly ResourceConnection $resources)
    {
    }

    public function write(string $outcome, string $entity, int $entityId, int $status, int $tookMs, string $note, int $now): void
    {
        $db = $this->resources->getConnection(Outbox::CONNECTION);
        $db->insert($this->table(), [
            'at' => $now,
            'outcome' => $outcome,
            'entity' => $entity,
            'entity_id' => $entityId,
            'status' => $status,
            'took_ms' => $tookMs,
            'note' => mb_substr($note, 0, 255),
        ]);
        $id = (int) $db->lastInsertId($this->table());
        if ($id % 50 === 0) {
            $db->delete($this->table(), ['id <= ?' => $id - self::KEPT]);
        }
    }

    /** @return array<int, array<string, string>> newest first */
    public function latest(int $limit): array
    {
        $db = $this->resources->getConnection(Outbox::CONNECTION);
        $rows = $db->select()->from(['noted' => $this->table()]);

        return $db->fetchAll(Outbox::withNumbers($rows, $this->resources)->order('noted.id DESC')->limit($limit));
    }

    private function table(): string
    {
        return $this->resources->getTableName(self::TABLE, Outbox::CONNECTION);
    }
}

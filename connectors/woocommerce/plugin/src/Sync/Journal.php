<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Sync;

/** The last 500 attempts to deliver, for people to read. Holds no personal data. */
final class Journal
{
    private const KEPT = 500;

    public function write(string $outcome, string $entity, int $entityId, int $status, int $tookMs, string $note, int $now): void
    {
        global $wpdb;
        $wpdb->insert(Tables::journal(), [
            'at' => $now,
            'outcome' => $outcome,
            'entity' => $entity,
            'entity_id' => $entityId,
            'status' => $status,
            'took_ms' => $tookMs,
            'note' => mb_substr($note, 0, 255),
        ]);
        $id = (int) $wpdb->insert_id;
        if ($id % 50 === 0) {
            $wpdb->query($wpdb->prepare('DELETE FROM ' . Tables::journal() . ' WHERE id <= %d', $id - self::KEPT));
        }
    }

    /** @return array<int, array<string, string>> newest first */
    public function latest(int $limit): array
    {
        global $wpdb;

        return $wpdb->get_results(
            $wpdb->prepare('SELECT * FROM ' . Tables::journal() . ' ORDER BY id DESC LIMIT %d', $limit),
            ARRAY_A
        );
    }
}

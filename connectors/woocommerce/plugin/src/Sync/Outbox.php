<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Sync;

use RuntimeException;
use Upline\WooCommerce\Domain\Answer;
use Upline\WooCommerce\Guard;

/**
 * What has changed in the shop and has not reached the hub yet: one row per entity, however often it
 * changed. A row is an address, not a content: the body is read from the shop when it is sent.
 */
final class Outbox
{
    private const CLAIM_SECONDS = 60;

    /**
     * Notes that entities changed. A change during a delivery bumps the revision, so that the row outlives it. Where the
     * table is missing it is made again; where that does not help, the changes are kept apart and the shop's people told.
     *
     * @param array<int, array{entity: string, id: int, act: string}> $changes
     */
    public function mark(array $changes, int $now): void
    {
        if ($changes === []) {
            return;
        }
        global $wpdb;
        $values = [];
        foreach ($changes as $change) {
            $values[] = $wpdb->prepare('(%s,%d,%s,%d,%d)', $change['entity'], $change['id'], $change['act'], $now, $now);
        }
        // In an assignment list MySQL sees the values set before it: state comes last.
        $sql = 'INSERT INTO ' . Tables::outbox() . ' (entity, entity_id, act, changed_at, next_attempt_at) VALUES '
            . implode(',', $values) . " ON DUPLICATE KEY UPDATE act = VALUES(act), revision = revision + 1,
            changed_at = VALUES(changed_at), next_attempt_at = VALUES(next_attempt_at),
            attempts = IF(state = 'dead', 0, attempts), first_failed_at = IF(state = 'dead', 0, first_failed_at), state = 'waiting'";
        if ($wpdb->query($sql) !== false) {
            return;
        }
        $problem = $wpdb->last_error;
        if ($this->mayRepair()) {
            Tables::repair();
            if ($wpdb->query($sql) !== false) {
                return;
            }
        }
        Unwritten::keep($changes, $problem, $now);
        Guard::report(new RuntimeException('The outbox cannot be written: ' . $problem));
    }

    /** Once a minute: a table that cannot be mended must not cost every checkout an attempt. */
    private function mayRepair(): bool
    {
        $may = get_transient('upline_repaired') === false;
        set_transient('upline_repaired', 1, MINUTE_IN_SECONDS);

        return $may;
    }

    /**
     * Looks after the table, and notes what could not be noted before.
     *
     * @return string why the outbox cannot be used; empty where all is well
     */
    public function mend(int $now): string
    {
        $problem = Tables::repair();
        $kept = Unwritten::read();
        if ($problem === '' && $kept['since'] > 0) {
            Unwritten::forget();
            $this->mark(array_values($kept['changes']), $now);
        }

        return $problem;
    }

    /**
     * Takes rows that are due; nobody else gets them for a minute.
     *
     * @param array<int, array{entity: string, id: int}> $only just these entities; all where empty
     * @return array<int, array<string, string>>
     */
    public function claim(int $limit, int $now, array $only = []): array
    {
        global $wpdb;
        $claim = bin2hex(random_bytes(8));
        $these = '';
        if ($only !== []) {
            $pairs = array_map(static function (array $one) use ($wpdb): string {
                return $wpdb->prepare('(%s,%d)', $one['entity'], $one['id']);
            }, $only);
            $these = ' AND (entity, entity_id) IN (' . implode(',', $pairs) . ')';
        }
        $taken = $wpdb->query($wpdb->prepare(
            'UPDATE ' . Tables::outbox() . " SET claim = %s, claimed_until = %d
            WHERE state = 'waiting' AND next_attempt_at <= %d AND claimed_until < %d",
            $claim,
            $now + self::CLAIM_SECONDS,
            $now,
            $now
        ) . $these . $wpdb->prepare(' ORDER BY id LIMIT %d', $limit));
        if (!$taken) {
            return [];
        }

        return $wpdb->get_results($wpdb->prepare('SELECT * FROM ' . Tables::outbox() . ' WHERE claim = %s ORDER BY id', $claim), ARRAY_A);
    }

    /**
     * The hub has it: the row goes, unless the entity changed since it was claimed.
     *
     * @param array<string, string> $row
     */
    public function delivered(array $row, int $now): void
    {
        global $wpdb;
        $gone = $wpdb->query($wpdb->prepare(
            'DELETE FROM ' . Tables::outbox() . ' WHERE id = %d AND claim = %s AND revision = %d',
            $row['id'],
            $row['claim'],
            $row['revision']
        ));
        if ($gone === 0) {
            $wpdb->query($wpdb->prepare(
                'UPDATE ' . Tables::outbox() . " SET claim = '', claimed_until = 0, attempts = 0, first_failed_at = 0,
                next_attempt_at = %d WHERE id = %d AND claim = %s",
                $now,
                $row['id'],
                $row['claim']
            ));
        }
    }

    /**
     * The delivery failed: it waits until $nextAttemptAt, or is dead where that is null.
     *
     * @param array<string, string> $row
     */
    public function failed(array $row, int $status, string $problem, ?int $nextAttemptAt, int $now): void
    {
        global $wpdb;
        $wpdb->query($wpdb->prepare(
            'UPDATE ' . Tables::outbox() . " SET claim = '', claimed_until = 0, attempts = LEAST(attempts + 1, 60000),
            first_failed_at = IF(first_failed_at = 0, %d, first_failed_at), next_attempt_at = %d,
            last_status = %d, last_problem = %s, state = IF(%d = 1 AND revision = %d, 'dead', 'waiting')
            WHERE id = %d AND claim = %s",
            $now,
            $nextAttemptAt ?? $now,
            $status,
            mb_substr($problem, 0, 255),
            $nextAttemptAt === null ? 1 : 0,
            $row['revision'],
            $row['id'],
            $row['claim']
        ));
    }

    /**
     * Gives back claimed rows that were not tried.
     *
     * @param array<int, array<string, string>> $rows
     */
    public function release(array $rows): void
    {
        global $wpdb;
        foreach (array_unique(array_column($rows, 'claim')) as $claim) {
            $wpdb->query($wpdb->prepare(
                'UPDATE ' . Tables::outbox() . " SET claim = '', claimed_until = 0 WHERE claim = %s",
                $claim
            ));
        }
    }

    /** The hub is back: what waited only for it is due now. */
    public function hurry(int $now): void
    {
        global $wpdb;
        $wpdb->query($wpdb->prepare(
            'UPDATE ' . Tables::outbox() . " SET next_attempt_at = %d WHERE state = 'waiting' AND next_attempt_at > %d
            AND last_status IN (" . implode(',', array_map('intval', Answer::HUB_AWAY)) . ')',
            $now,
            $now
        ));
    }

    /** Everything that waits is due now, whatever it waited for. */
    public function hurryAll(int $now): void
    {
        global $wpdb;
        $wpdb->query($wpdb->prepare(
            'UPDATE ' . Tables::outbox() . " SET next_attempt_at = %d, attempts = 0, first_failed_at = 0 WHERE state = 'waiting'",
            $now
        ));
    }

    /** Forgets everything: what a copy of a shop has noted is nobody's business. */
    public function clear(): void
    {
        global $wpdb;
        $wpdb->query('DELETE FROM ' . Tables::outbox());
    }

    /** @param int|null $id one dead row, or all of them */
    public function retry(?int $id, int $now): int
    {
        global $wpdb;

        return (int) $wpdb->query($wpdb->prepare(
            'UPDATE ' . Tables::outbox() . " SET state = 'waiting', attempts = 0, first_failed_at = 0, next_attempt_at = %d
            WHERE state = 'dead' AND (%d = 0 OR id = %d)",
            $now,
            (int) $id,
            (int) $id
        ));
    }

    /** @return array{waiting: int, dead: int, oldest: int, retrying: int} */
    public function counts(): array
    {
        global $wpdb;
        $row = $wpdb->get_row("SELECT COALESCE(SUM(state = 'waiting'), 0) waiting, COALESCE(SUM(state = 'dead'), 0) dead,
            COALESCE(MIN(IF(state = 'waiting', changed_at, NULL)), 0) oldest,
            COALESCE(SUM(state = 'waiting' AND attempts > 0), 0) retrying FROM " . Tables::outbox(), ARRAY_A);

        return array_map('intval', $row ?? ['waiting' => 0, 'dead' => 0, 'oldest' => 0, 'retrying' => 0]);
    }

    /** When the next waiting row is due; null where none waits. */
    public function nextDueAt(): ?int
    {
        global $wpdb;
        $at = $wpdb->get_var('SELECT MIN(GREATEST(next_attempt_at, claimed_until)) FROM ' . Tables::outbox() . " WHERE state = 'waiting'");

        return $at === null ? null : (int) $at;
    }

    /** @return array<int, array<string, string>> */
    public function dead(int $limit): array
    {
        global $wpdb;

        return $wpdb->get_results($wpdb->prepare(
            'SELECT * FROM ' . Tables::outbox() . " WHERE state = 'dead' ORDER BY changed_at DESC LIMIT %d",
            $limit
        ), ARRAY_A);
    }
}

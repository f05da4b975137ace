<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Sync;

/**
 * Changes that could not be noted, because the outbox in the database is missing or broken. They are kept in an option
 * until it works again, and the shop's people are told: a checkout must never leave nothing behind in silence.
 */
final class Unwritten
{
    public const OPTION = 'upline_unwritten';
    /** Beyond these, the orders that changed since the first failure are looked up in the shop. */
    private const KEPT = 500;

    /** @param array<int, array{entity: string, id: int, act: string}> $changes */
    public static function keep(array $changes, string $problem, int $now): void
    {
        $kept = self::read();
        foreach ($changes as $change) {
            $kept['changes'][$change['entity'] . ' ' . $change['id']] = $change;
        }
        update_option(self::OPTION, [
            'since' => $kept['since'] > 0 ? $kept['since'] : $now,
            'problem' => mb_substr($problem, 0, 255),
            'changes' => array_slice($kept['changes'], 0, self::KEPT, true),
        ], true);
    }

    /** @return array{since: int, problem: string, changes: array<string, array{entity: string, id: int, act: string}>} since 0: nothing is kept */
    public static function read(): array
    {
        $stored = get_option(self::OPTION, []);

        return array_merge(['since' => 0, 'problem' => '', 'changes' => []], is_array($stored) ? $stored : []);
    }

    public static function forget(): void
    {
        delete_option(self::OPTION);
    }
}

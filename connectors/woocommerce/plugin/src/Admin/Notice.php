<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Admin;

/** One sentence for the person who has just done something, shown on the page that follows. */
final class Notice
{
    private const SECONDS = 120;

    public static function give(string $kind, string $text): void
    {
        set_transient(self::key(), ['kind' => $kind, 'text' => $text], self::SECONDS);
    }

    /** @return array{kind: string, text: string}|null */
    public static function take(): ?array
    {
        $notice = get_transient(self::key());
        delete_transient(self::key());

        return is_array($notice) ? $notice : null;
    }

    private static function key(): string
    {
        return 'upline_notice_' . get_current_user_id();
    }
}

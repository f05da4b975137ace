<?php

declare(strict_types=1);

namespace Upline\WooCommerce;

use Throwable;

/** Whatever goes wrong in this plugin, the shop goes on: every callback given to WordPress is wrapped here. */
final class Guard
{
    public static function action(callable $do): callable
    {
        return static function (...$args) use ($do): void {
            try {
                $do(...$args);
            } catch (Throwable $problem) {
                self::report($problem);
            }
        };
    }

    /** A filter that fails answers what it was given. */
    public static function filter(callable $do): callable
    {
        return static function (...$args) use ($do) {
            try {
                return $do(...$args);
            } catch (Throwable $problem) {
                self::report($problem);

                return $args[0] ?? null;
            }
        };
    }

    public static function report(Throwable $problem): void
    {
        $text = sprintf('%s in %s:%d', $problem->getMessage(), basename($problem->getFile()), $problem->getLine());
        if (function_exists('wc_get_logger')) {
            wc_get_logger()->error($text, ['source' => 'upline']);

            return;
        }
        error_log('upline: ' . $text);
    }
}

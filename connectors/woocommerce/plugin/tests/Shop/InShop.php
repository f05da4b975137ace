<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Tests\Shop;

use PHPUnit\Framework\TestCase;
use RuntimeException;

/**
 * Runs a script of tests/Shop/scripts inside a real shop with this plugin installed, in a process of its own.
 * UPLINE_WP_ROOT is the shop's folder, UPLINE_WP_URL its address, as for the end-to-end suite; use a shop that is for tests.
 */
abstract class InShop extends TestCase
{
    protected function setUp(): void
    {
        if (self::root() === '' || !is_file(self::root() . '/wp-load.php')) {
            $this->markTestSkipped('Set UPLINE_WP_ROOT and UPLINE_WP_URL to a WooCommerce shop for tests that has this plugin.');
        }
    }

    /**
     * @param array<string, mixed> $input
     * @return array<string, mixed>
     */
    protected static function inShop(string $script, array $input): array
    {
        $command = [PHP_BINARY, __DIR__ . '/scripts/' . $script . '.php', (string) json_encode($input)];
        $process = proc_open($command, [1 => ['pipe', 'w'], 2 => ['pipe', 'w']], $pipes);
        if (!is_resource($process)) {
            throw new RuntimeException("$script did not start");
        }
        $output = stream_get_contents($pipes[1]);
        $errors = stream_get_contents($pipes[2]);
        proc_close($process);
        if (preg_match('/^SHOP:(.*)$/m', (string) $output, $found) !== 1) {
            throw new RuntimeException("$script: " . substr($errors . $output, 0, 2000));
        }

        return json_decode($found[1], true);
    }

    private static function root(): string
    {
        return (string) getenv('UPLINE_WP_ROOT');
    }
}

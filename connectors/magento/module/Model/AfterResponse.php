<?php

declare(strict_types=1);

namespace Upline\Connector\Model;

use Psr\Log\LoggerInterface;
use Throwable;

/**
 * Starts the delivery once the buyer has the answer, where the server can end a response early (PHP-FPM, LiteSpeed). Everywhere
 * else, and for commands and cron, Magento's cron does it within a minute.
 */
class AfterResponse
{
    private const SECONDS = 10;

    /** @var array<string, array{entity: string, id: int}> */
    private array $changed = [];

    public function __construct(private readonly Courier $courier, private readonly LoggerInterface $logger)
    {
    }

    public function deliver(string $entity, int $id): void
    {
        $finish = self::finish();
        if ($finish === null) {
            return;
        }
        if ($this->changed === []) {
            // phpcs:ignore Magento2.Functions.DiscouragedFunction
            register_shutdown_function(function () use ($finish): void {
                try {
                    $this->run($finish);
                } catch (Throwable $problem) {
                    $this->logger->error('upline: ' . $problem->getMessage(), ['exception' => $problem]);
                }
            });
        }
        $this->changed[$entity . ' ' . $id] = ['entity' => $entity, 'id' => $id];
    }

    private function run(callable $finish): void
    {
        // The buyer's next page must not wait for a session that this process still holds.
        // phpcs:ignore Magento2.Functions.DiscouragedFunction
        if (session_status() === PHP_SESSION_ACTIVE) {
            // phpcs:ignore Magento2.Functions.DiscouragedFunction
            session_write_close();
        }
        ignore_user_abort(true);
        $finish();
        $this->courier->run(self::SECONDS, array_values($this->changed));
    }

    private static function finish(): ?callable
    {
        foreach (['fastcgi_finish_request', 'litespeed_finish_request'] as $function) {
            if (PHP_SAPI !== 'cli' && function_exists($function)) {
                return $function;
            }
        }

        return null;
    }
}

<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Sync;

use Upline\WooCommerce\Connect\Store;
use Upline\WooCommerce\Guard;

/**
 * Starts the delivery once the buyer has the answer: in this process where the server can end a response
 * early, otherwise in a request the shop sends to itself and does not wait for.
 */
final class AfterResponse
{
    private const SECONDS = 10;

    /** @var Changes */
    private $changes;
    /** @var Courier */
    private $courier;
    /** @var Schedule */
    private $schedule;
    /** @var Loopback */
    private $loopback;
    /** @var Store */
    private $store;

    public function __construct(Changes $changes, Courier $courier, Schedule $schedule, Loopback $loopback, Store $store)
    {
        $this->changes = $changes;
        $this->courier = $courier;
        $this->schedule = $schedule;
        $this->loopback = $loopback;
        $this->store = $store;
    }

    public function listen(): void
    {
        // After WooCommerce has saved the session and everybody else has printed what they print.
        add_action('shutdown', Guard::action([$this, 'run']), 99999);
        $this->loopback->listen(function (): void {
            $this->deliver([]);
        });
    }

    public function run(): void
    {
        if (!$this->store->mayDeliver()) {
            // What has changed waits until somebody has said whether this is a copy or the shop itself, moved.
            $this->changes->flush();

            return;
        }
        if ($this->changes->isQuiet() && !$this->schedule->isAlarmDue(time())) {
            return;
        }
        if ($this->isNobodyWaiting() || $this->endResponse()) {
            $this->deliver($this->changes->flush());

            return;
        }
        $this->changes->flush();
        if (!$this->loopback->kick()) {
            $this->schedule->wakeAt(time());
        }
    }

    /** @param array<int, array{entity: string, id: int}> $first */
    private function deliver(array $first): void
    {
        $this->courier->run(self::SECONDS, $first);
        $this->schedule->wakeForNext();
    }

    private function isNobodyWaiting(): bool
    {
        return PHP_SAPI === 'cli' || wp_doing_cron();
    }

    private function endResponse(): bool
    {
        foreach (['fastcgi_finish_request', 'litespeed_finish_request'] as $finish) {
            if (function_exists($finish)) {
                ignore_user_abort(true);

                return (bool) $finish() || $finish === 'litespeed_finish_request';
            }
        }

        return false;
    }
}

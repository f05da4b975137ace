<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Sync;

use Throwable;
use Upline\WooCommerce\Connect\Hub;
use Upline\WooCommerce\Connect\Store;
use Upline\WooCommerce\Domain\Answer;
use Upline\WooCommerce\Domain\Backoff;
use Upline\WooCommerce\Domain\Body;
use Upline\WooCommerce\Guard;

/** Brings what waits in the outbox to the hub. */
final class Courier
{
    private const BATCH = 20;
    /** This many different deliveries in a row failed: it is the hub, not the delivery. */
    private const FAILURES_IN_A_ROW = 3;
    /** Stands for a status where the shop itself could not be read. */
    private const UNREADABLE = 1;

    /** @var Outbox */
    private $outbox;
    /** @var Representation */
    private $representation;
    /** @var Hub */
    private $hub;
    /** @var Health */
    private $health;
    /** @var Journal */
    private $journal;
    /** @var Store */
    private $store;

    public function __construct(
        Outbox $outbox,
        Representation $representation,
        Hub $hub,
        Health $health,
        Journal $journal,
        Store $store
    ) {
        $this->store = $store;
        $this->outbox = $outbox;
        $this->representation = $representation;
        $this->hub = $hub;
        $this->health = $health;
        $this->journal = $journal;
    }

    /**
     * Delivers until nothing is due, the time is up, or the hub is away.
     *
     * @param array<int, array{entity: string, id: int}> $first entities to bring before all others
     * @return int deliveries the hub has stored
     */
    public function run(int $seconds, array $first = []): int
    {
        $until = microtime(true) + $seconds;
        $stored = 0;
        $failures = 0;
        while ($this->mayGoOn($until)) {
            $rows = $this->outbox->claim(self::BATCH, time(), $first);
            if ($rows === [] && $first === []) {
                break;
            }
            $first = [];
            while ($rows !== []) {
                $row = array_shift($rows);
                $answer = $this->deliver($row);
                $stored += $answer === Answer::STORED ? 1 : 0;
                $failures = $answer === Answer::AGAIN ? $failures + 1 : 0;
                if ($failures >= self::FAILURES_IN_A_ROW) {
                    $this->health->failed(time(), __('Several deliveries in a row failed.', 'upline-woocommerce'), null);
                }
                if ($rows !== [] && !$this->mayGoOn($until)) {
                    $this->outbox->release($rows);
                    break;
                }
            }
        }

        return $stored;
    }

    private function mayGoOn(float $until): bool
    {
        return microtime(true) < $until && $this->store->mayDeliver() && !$this->health->isPaused(time());
    }

    /** @param array<string, string> $row */
    private function deliver(array $row): string
    {
        $began = microtime(true);
        try {
            Caches::forget($row['entity'], (int) $row['entity_id']);
            $content = $this->representation->of($row['entity'], (int) $row['entity_id'], $row['act']);
            if ($content === null) {
                $this->outbox->delivered($row, time());

                return Answer::STORED;
            }
            $body = Body::build($content['type'], $content['data'], $began);
        } catch (Throwable $problem) {
            Guard::report($problem);
            // An order that cannot be read now may be readable once another plugin is mended.
            return $this->failed($row, Answer::AGAIN, self::unreadable($problem), $began);
        }
        $reply = $this->hub->deliver($body);
        $answer = Answer::of($reply['status'], $reply['isJson'], $reply['code']);
        if ($answer === Answer::COPY) {
            $this->outbox->release([$row]);
            $this->store->refuseHere(sanitize_text_field((string) ($reply['json']['knownUrl'] ?? '')));

            return $answer;
        }
        if ($answer !== Answer::STORED) {
            return $this->failed($row, $answer, $reply, $began);
        }
        $this->outbox->delivered($row, time());
        $tookMs = (int) round((microtime(true) - $began) * 1000);
        if ($this->health->succeeded(time(), $tookMs)) {
            $this->outbox->hurry(time());
        }
        $this->journal->write($answer, $row['entity'], (int) $row['entity_id'], $reply['status'], $tookMs, $content['type'], time());

        return $answer;
    }

    /** @return array{status: int, code: ?string, problem: string, retryAfter: ?string} */
    private static function unreadable(Throwable $problem): array
    {
        return ['status' => self::UNREADABLE, 'code' => null, 'problem' => $problem->getMessage(), 'retryAfter' => null];
    }

    /**
     * @param array<string, string> $row
     * @param array<string, mixed>  $reply
     */
    private function failed(array $row, string $answer, array $reply, float $began): string
    {
        $now = time();
        $status = (int) $reply['status'];
        $isHubAway = in_array($status, Answer::HUB_AWAY, true);
        if ($answer === Answer::AGAIN && !$isHubAway && Backoff::givesUp((int) $row['first_failed_at'], $now)) {
            $answer = Answer::DEAD;
        }
        $next = null;
        if ($answer === Answer::AGAIN) {
            $delay = Backoff::delaySeconds((int) $row['attempts'] + 1, mt_rand() / (mt_getrandmax() + 1));
            $next = $now + Backoff::atLeast($delay, $reply['retryAfter']);
        }
        $this->outbox->failed($row, $status, $reply['problem'], $next, $now);
        if ($isHubAway) {
            $this->health->failed($now, $reply['problem'], $reply['retryAfter']);
        } else {
            $this->health->refused($now, $status, Answer::refusesStore($status, $reply['code']), $reply['problem']);
        }
        $tookMs = (int) round((microtime(true) - $began) * 1000);
        $this->journal->write($answer, $row['entity'], (int) $row['entity_id'], $status, $tookMs, $reply['problem'], $now);

        return $answer;
    }
}

<?php

declare(strict_types=1);

namespace Upline\Connector\Model;

use Psr\Log\LoggerInterface;
use Throwable;
use Upline\Connector\Domain\Answer;
use Upline\Connector\Domain\Backoff;
use Upline\Connector\Domain\Body;

/** Brings what waits in the outbox to the hub. */
class Courier
{
    private const BATCH = 20;
    /** This many different deliveries in a row failed: it is the hub, not the delivery. */
    private const FAILURES_IN_A_ROW = 3;
    /** Stands for a status where the shop itself could not be read. */
    private const UNREADABLE = 1;

    public function __construct(
        private readonly Outbox $outbox,
        private readonly Representation $representation,
        private readonly Hub $hub,
        private readonly Health $health,
        private readonly Journal $journal,
        private readonly Store $store,
        private readonly LoggerInterface $logger
    ) {
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
                    $this->health->failed(time(), (string) __('Several deliveries in a row failed.'), null);
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
        // Somebody may have ended the connection meanwhile.
        $this->store->refresh();

        return microtime(true) < $until && $this->store->mayDeliver() && !$this->health->isPaused(time());
    }

    /** @param array<string, string> $row */
    private function deliver(array $row): string
    {
        $began = microtime(true);
        $id = (int) $row['entity_id'];
        try {
            $content = $this->representation->of($row['entity'], $id);
            $body = Body::build($content['type'], $content['data'], $began);
        } catch (Throwable $problem) {
            $this->logger->error('upline: ' . $problem->getMessage(), ['exception' => $problem]);

            // An order that cannot be read now may be readable once the shop is mended.
            return $this->failed($row, Answer::AGAIN, self::UNREADABLE, null, $problem->getMessage(), null, $began);
        }
        $reply = $this->hub->deliver($body);
        $answer = Answer::of($reply->status, $reply->isJson, $reply->code);
        if ($answer === Answer::COPY) {
            $this->outbox->release([$row]);
            $this->store->refuseHere((string) ($reply->json['knownUrl'] ?? ''));

            return $answer;
        }
        if ($answer !== Answer::STORED) {
            return $this->failed($row, $answer, $reply->status, $reply->code, $reply->problem, $reply->retryAfter, $began);
        }
        $this->outbox->delivered($row, time());
        $tookMs = self::since($began);
        if ($this->health->succeeded(time(), $tookMs)) {
            $this->outbox->hurry(time());
        }
        $this->journal->write($answer, $row['entity'], $id, $reply->status, $tookMs, $content['type'], time());

        return $answer;
    }

    /** @param array<string, string> $row */
    private function failed(
        array $row,
        string $answer,
        int $status,
        ?string $code,
        string $problem,
        ?string $retryAfter,
        float $began
    ): string {
        $now = time();
        $isHubAway = in_array($status, Answer::HUB_AWAY, true);
        if ($answer === Answer::AGAIN && !$isHubAway && Backoff::givesUp((int) $row['first_failed_at'], $now)) {
            $answer = Answer::DEAD;
        }
        $next = null;
        if ($answer === Answer::AGAIN) {
            $next = $now + Backoff::atLeast(Backoff::delaySeconds((int) $row['attempts'] + 1, Health::random()), $retryAfter);
        }
        $this->outbox->failed($row, $status, $problem, $next, $now);
        if ($isHubAway) {
            $this->health->failed($now, $problem, $retryAfter);
        } else {
            $this->health->refused($now, $status, Answer::refusesStore($status, $code), $problem);
        }
        $this->journal->write($answer, $row['entity'], (int) $row['entity_id'], $status, self::since($began), $problem, $now);

        return $answer;
    }

    private static function since(float $began): int
    {
        return (int) round((microtime(true) - $began) * 1000);
    }
}

<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Tests\Domain;

use PHPUnit\Framework\TestCase;
use Upline\WooCommerce\Domain\Answer;

final class AnswerTest extends TestCase
{
    public function testTheHubsOwnAnswers(): void
    {
        $meaning = [];
        foreach ([200, 202, 302, 429, 500, 503, 400, 401, 403, 404, 409, 413, 422] as $status) {
            $meaning[Answer::of($status, true, $status < 400 ? null : 'some-code')][] = $status;
        }

        self::assertSame([200, 202], $meaning[Answer::STORED]);
        self::assertSame([302, 429, 500, 503, 401, 403, 404], $meaning[Answer::AGAIN]);
        self::assertSame([400, 409, 413, 422], $meaning[Answer::DEAD]);
        self::assertSame(Answer::COPY, Answer::of(409, true, 'copied-shop'));
    }

    /** A firewall, a proxy or the page of a parked domain may answer in the hub's place. */
    public function testWhatIsNotTheHubsOwnIsTriedAgain(): void
    {
        foreach ([0, 200, 400, 401, 403, 404, 409, 413, 422, 500] as $status) {
            self::assertSame(Answer::AGAIN, Answer::of($status, false, null), "status $status");
        }
        self::assertSame(Answer::AGAIN, Answer::of(409, true, null));
    }

    public function testOnlyTheHubItselfTakesTheKeysBack(): void
    {
        self::assertTrue(Answer::refusesStore(401, 'bad-signature'));
        self::assertFalse(Answer::refusesStore(401, null));
        self::assertFalse(Answer::refusesStore(413, 'too-large'));
    }
}

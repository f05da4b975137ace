<?php

declare(strict_types=1);

namespace Upline\Connector\Model;

use Upline\Connector\Domain\Address;
use Upline\Connector\Domain\Signature;

/** Every question and every delivery to the hub. Status 0 means that the hub could not be reached. */
class Hub
{
    private const DELIVERY_SECONDS = 8;
    private const QUESTION_SECONDS = 10;
    /** A buyer may be waiting for this one. */
    private const LOOKUP_SECONDS = 2;

    public function __construct(private readonly Store $store, private readonly Http $http)
    {
    }

    public function deliver(string $body): HubAnswer
    {
        $secret = $this->store->secret();
        if ($secret === null) {
            return HubAnswer::unreached((string) __('The secret cannot be read: the shop\'s encryption key has changed. Connect the shop again.'));
        }
        $headers = Signature::headers($secret, 'msg_' . bin2hex(random_bytes(12)), time(), $body);

        return $this->call('POST', $this->store->ingestUrl(), $body, $headers, self::DELIVERY_SECONDS);
    }

    /**
     * Exchanges a one-time code for the keys of this store.
     *
     * @param bool                  $hasMoved whether the person has said that this is the shop that ran elsewhere before; a copy
     *                                        must not take the live shop's store
     * @param array<string, string> $versions
     */
    public function connect(string $hub, string $code, bool $hasMoved, array $versions): HubAnswer
    {
        $before = $this->store->before();
        $isKept = $before !== null
            && $before['hub'] === $hub
            && ($hasMoved || Address::isSame($before['url'], $this->store->address()));
        $body = self::json($this->place() + ($isKept ? ['previousStore' => $before['store']] : []) + [
            'code' => $code,
            'platform' => 'magento',
            'versions' => $versions,
        ]);

        return $this->call('POST', $hub . '/connect', $body, [], self::QUESTION_SECONDS);
    }

    /** Tells the hub that this shop is the same one at a new address. */
    public function moved(): HubAnswer
    {
        return $this->ask('POST', '/connect/moved', self::QUESTION_SECONDS, $this->place() + ['from' => $this->store->knownAddress()]);
    }

    public function test(): HubAnswer
    {
        $answer = $this->ask('POST', '/connect/test', self::QUESTION_SECONDS);
        if ($answer->status === 200) {
            $this->store->learnEvidenceOrder($answer->json['evidenceOrder'] ?? null);
        }

        return $answer;
    }

    /** Whom the hub credits with an order. */
    public function credited(int $orderId): HubAnswer
    {
        return $this->ask('GET', '/connect/orders/' . $orderId, self::LOOKUP_SECONDS);
    }

    public function disconnect(): HubAnswer
    {
        return $this->ask('DELETE', '/connect', self::QUESTION_SECONDS);
    }

    public function referral(string $code): HubAnswer
    {
        return $this->ask('GET', '/connect/referrals/' . rawurlencode($code), self::LOOKUP_SECONDS);
    }

    /** @return array{domain: string, url: string} */
    private function place(): array
    {
        $url = $this->store->address();

        // phpcs:ignore Magento2.Functions.DiscouragedFunction
        return ['domain' => (string) parse_url($url, PHP_URL_HOST), 'url' => $url];
    }

    /** @param array<string, mixed> $body */
    private function ask(string $method, string $path, int $seconds, array $body = []): HubAnswer
    {
        $token = $this->store->token();
        if ($token === null) {
            return HubAnswer::unreached((string) __('The token cannot be read: the shop\'s encryption key has changed. Connect the shop again.'));
        }
        $json = $method === 'POST' ? self::json($body) : null;

        return $this->call($method, $this->store->hub() . $path, $json, ['authorization' => 'Bearer ' . $token], $seconds);
    }

    /** @param array<string, string> $headers */
    private function call(string $method, string $url, ?string $body, array $headers, int $seconds): HubAnswer
    {
        return HubAnswer::of($this->http->call($method, $url, $body, $headers + [
            'content-type' => 'application/json',
            'accept' => 'application/json',
            'user-agent' => 'Upline-Magento/' . Version::NUMBER,
        ], $seconds));
    }

    /** @param array<string, mixed> $body */
    private static function json(array $body): string
    {
        return (string) json_encode((object) $body, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE);
    }
}

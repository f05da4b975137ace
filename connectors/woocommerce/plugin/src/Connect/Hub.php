<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Connect;

use Upline\WooCommerce\Domain\Address;
use Upline\WooCommerce\Domain\Signature;
use Upline\WooCommerce\Plugin;

/**
 * Every HTTP call to the hub. Answers are always ['status' => int, 'json' => array, 'isJson' => bool, 'code' => ?string,
 * 'problem' => string, 'retryAfter' => ?string]; status 0 means that the hub could not be reached, 'code' is the hub's own
 * code of a refusal, which no proxy on the way has.
 */
final class Hub
{
    private const DELIVERY_SECONDS = 8;
    private const QUESTION_SECONDS = 10;
    /** A buyer may be waiting for this one. */
    private const LOOKUP_SECONDS = 2;

    /** @var Store */
    private $store;

    public function __construct(Store $store)
    {
        $this->store = $store;
    }

    /** @return array{status: int, json: array<string, mixed>, isJson: bool, code: ?string, problem: string, retryAfter: ?string} */
    public function deliver(string $body): array
    {
        $secret = $this->store->secret();
        if ($secret === null) {
            $problem = __('The secret cannot be read: UPLINE_KEY has changed. Connect the shop again.', 'upline-woocommerce');

            return self::unreached($problem);
        }
        $headers = Signature::headers($secret, 'msg_' . bin2hex(random_bytes(12)), time(), $body);

        return $this->call('POST', $this->store->ingestUrl(), $body, $headers, self::DELIVERY_SECONDS);
    }

    /**
     * Exchanges a one-time code for the keys of this store.
     *
     * @param bool                  $hasMoved whether the person has said that this is the shop that ran elsewhere before; a
     *                                        copy must not take the live shop's store
     * @param array<string, string> $versions
     * @return array{status: int, json: array<string, mixed>, isJson: bool, code: ?string, problem: string, retryAfter: ?string}
     */
    public function connect(string $hub, string $code, bool $hasMoved, array $versions): array
    {
        $before = $this->store->before();
        $isKept = $before !== null && $before['hub'] === $hub && ($hasMoved || Address::isSame($before['url'], Store::address()));
        $known = $isKept ? ['previousStore' => $before['store']] : [];
        $body = (string) wp_json_encode(array_merge(self::place(), $known, [
            'code' => $code,
            'platform' => 'woocommerce',
            'versions' => $versions,
        ]));

        return $this->call('POST', $hub . '/connect', $body, [], self::QUESTION_SECONDS);
    }

    /**
     * Tells the hub that this shop is the same one at a new address.
     *
     * @return array{status: int, json: array<string, mixed>, isJson: bool, code: ?string, problem: string, retryAfter: ?string}
     */
    public function moved(): array
    {
        $body = array_merge(self::place(), ['from' => $this->store->knownAddress()]);

        return $this->ask('POST', '/connect/moved', self::QUESTION_SECONDS, $body);
    }

    /** @return array{domain: string, url: string} */
    private static function place(): array
    {
        $url = Store::address();

        return ['domain' => (string) wp_parse_url($url, PHP_URL_HOST), 'url' => $url];
    }

    /** @return array{status: int, json: array<string, mixed>, isJson: bool, code: ?string, problem: string, retryAfter: ?string} */
    public function test(): array
    {
        $answer = $this->ask('POST', '/connect/test', self::QUESTION_SECONDS);
        if ($answer['status'] === 200) {
            $this->store->learnEvidenceOrder($answer['json']['evidenceOrder'] ?? null);
        }

        return $answer;
    }

    /**
     * Whom the hub credits with an order.
     *
     * @return array{status: int, json: array<string, mixed>, isJson: bool, code: ?string, problem: string, retryAfter: ?string}
     */
    public function credited(int $orderId): array
    {
        return $this->ask('GET', '/connect/orders/' . $orderId, self::LOOKUP_SECONDS);
    }

    /** @return array{status: int, json: array<string, mixed>, isJson: bool, code: ?string, problem: string, retryAfter: ?string} */
    public function disconnect(): array
    {
        return $this->ask('DELETE', '/connect', self::QUESTION_SECONDS);
    }

    /** @return array{status: int, json: array<string, mixed>, isJson: bool, code: ?string, problem: string, retryAfter: ?string} */
    public function referral(string $code): array
    {
        return $this->ask('GET', '/connect/referrals/' . rawurlencode($code), self::LOOKUP_SECONDS);
    }

    /**
     * @param array<string, mixed> $body
     * @return array{status: int, json: array<string, mixed>, isJson: bool, code: ?string, problem: string, retryAfter: ?string}
     */
    private function ask(string $method, string $path, int $seconds, array $body = []): array
    {
        $token = $this->store->token();
        if ($token === null) {
            $problem = __('The token cannot be read: UPLINE_KEY has changed. Connect the shop again.', 'upline-woocommerce');

            return self::unreached($problem);
        }
        $json = $method === 'POST' ? (string) wp_json_encode((object) $body) : null;

        return $this->call($method, $this->store->hub() . $path, $json, ['authorization' => 'Bearer ' . $token], $seconds);
    }

    /**
     * @param array<string, string> $headers
     * @return array{status: int, json: array<string, mixed>, isJson: bool, code: ?string, problem: string, retryAfter: ?string}
     */
    private function call(string $method, string $url, ?string $body, array $headers, int $seconds): array
    {
        $answer = wp_safe_remote_request($url, [
            'method' => $method,
            'timeout' => $seconds,
            // A redirect is an answer to look at, never an address to send orders to.
            'redirection' => 0,
            'limit_response_size' => 65536,
            'user-agent' => 'Upline-WooCommerce/' . Plugin::VERSION,
            'headers' => array_merge(['content-type' => 'application/json', 'accept' => 'application/json'], $headers),
            'body' => $body,
        ]);
        if (is_wp_error($answer)) {
            return self::unreached(Unreached::reason($answer->get_error_message()));
        }
        $status = (int) wp_remote_retrieve_response_code($answer);
        $json = json_decode((string) wp_remote_retrieve_body($answer), true);
        $isJson = is_array($json);
        $json = $isJson ? $json : [];
        $isOwn = strncmp((string) ($json['type'] ?? ''), 'urn:upline:error:', 17) === 0;
        $retryAfter = wp_remote_retrieve_header($answer, 'retry-after');

        return [
            'status' => $status,
            'json' => $json,
            'isJson' => $isJson,
            'code' => $isOwn ? (string) ($json['code'] ?? '') : null,
            'problem' => $status >= 200 && $status < 300 && $isJson ? '' : self::problem($status, $json),
            'retryAfter' => is_string($retryAfter) && $retryAfter !== '' ? $retryAfter : null,
        ];
    }

    /** @return array{status: int, json: array<string, mixed>, isJson: bool, code: ?string, problem: string, retryAfter: ?string} */
    private static function unreached(string $problem): array
    {
        return ['status' => 0, 'json' => [], 'isJson' => false, 'code' => null, 'problem' => $problem, 'retryAfter' => null];
    }

    /** @param array<string, mixed> $json application/problem+json, where the hub sent it */
    private static function problem(int $status, array $json): string
    {
        $parts = array_filter([$json['title'] ?? null, $json['detail'] ?? null], 'is_string');
        if ($parts === []) {
            /* translators: %d: HTTP status */
            return sprintf(__('Something other than the hub answered at its address (status %d).', 'upline-woocommerce'), $status);
        }

        return sanitize_text_field(implode(': ', $parts));
    }
}

<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Connect;

use Upline\WooCommerce\Domain\Signature;
use Upline\WooCommerce\Plugin;

/**
 * Every HTTP call to the hub. Answers are always ['status' => int, 'json' => array, 'problem' => string,
 * 'retryAfter' => ?string]; status 0 means that the hub could not be reached.
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

    /** @return array{status: int, json: array<string, mixed>, problem: string, retryAfter: ?string} */
    public function deliver(string $body): array
    {
        $secret = $this->store->secret();
        if ($secret === null) {
            $problem = __('The secret cannot be read: UPLINE_KEY has changed. Connect the shop again.', 'upline-woocommerce');

            return ['status' => 0, 'json' => [], 'problem' => $problem, 'retryAfter' => null];
        }
        $headers = Signature::headers($secret, 'msg_' . bin2hex(random_bytes(12)), time(), $body);

        return $this->call('POST', $this->store->ingestUrl(), $body, $headers, self::DELIVERY_SECONDS);
    }

    /**
     * Exchanges a one-time code for the keys of this store.
     *
     * @param array<string, string> $versions
     * @return array{status: int, json: array<string, mixed>, problem: string, retryAfter: ?string}
     */
    public function connect(string $hub, string $code, array $versions): array
    {
        $url = home_url();
        $body = (string) wp_json_encode([
            'code' => $code,
            'platform' => 'woocommerce',
            'domain' => (string) wp_parse_url($url, PHP_URL_HOST),
            'url' => $url,
            'versions' => $versions,
        ]);

        return $this->call('POST', $hub . '/connect', $body, [], self::QUESTION_SECONDS);
    }

    /** @return array{status: int, json: array<string, mixed>, problem: string, retryAfter: ?string} */
    public function test(): array
    {
        return $this->ask('POST', '/connect/test', self::QUESTION_SECONDS);
    }

    /** @return array{status: int, json: array<string, mixed>, problem: string, retryAfter: ?string} */
    public function disconnect(): array
    {
        return $this->ask('DELETE', '/connect', self::QUESTION_SECONDS);
    }

    /** @return array{status: int, json: array<string, mixed>, problem: string, retryAfter: ?string} */
    public function referral(string $code): array
    {
        return $this->ask('GET', '/connect/referrals/' . rawurlencode($code), self::LOOKUP_SECONDS);
    }

    /** @return array{status: int, json: array<string, mixed>, problem: string, retryAfter: ?string} */
    private function ask(string $method, string $path, int $seconds): array
    {
        $token = $this->store->token();
        if ($token === null) {
            $problem = __('The token cannot be read: UPLINE_KEY has changed. Connect the shop again.', 'upline-woocommerce');

            return ['status' => 0, 'json' => [], 'problem' => $problem, 'retryAfter' => null];
        }
        $body = $method === 'POST' ? '{}' : null;

        return $this->call($method, $this->store->hub() . $path, $body, ['authorization' => 'Bearer ' . $token], $seconds);
    }

    /**
     * @param array<string, string> $headers
     * @return array{status: int, json: array<string, mixed>, problem: string, retryAfter: ?string}
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
            return ['status' => 0, 'json' => [], 'problem' => $answer->get_error_message(), 'retryAfter' => null];
        }
        $status = (int) wp_remote_retrieve_response_code($answer);
        $json = json_decode((string) wp_remote_retrieve_body($answer), true);
        $json = is_array($json) ? $json : [];
        $retryAfter = wp_remote_retrieve_header($answer, 'retry-after');

        return [
            'status' => $status,
            'json' => $json,
            'problem' => $status >= 200 && $status < 300 ? '' : self::problem($status, $json),
            'retryAfter' => is_string($retryAfter) && $retryAfter !== '' ? $retryAfter : null,
        ];
    }

    /** @param array<string, mixed> $json application/problem+json, where the hub sent it */
    private static function problem(int $status, array $json): string
    {
        $parts = array_filter([$json['title'] ?? null, $json['detail'] ?? null], 'is_string');
        if ($parts === []) {
            /* translators: %d: HTTP status */
            return sprintf(__('The hub answered with status %d.', 'upline-woocommerce'), $status);
        }

        return sanitize_text_field(implode(': ', $parts));
    }
}

<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Sync;

use Upline\WooCommerce\Guard;
use WP_REST_Request;
use WP_REST_Response;

/**
 * A request of the shop to itself that nobody waits for. WordPress's own "non-blocking" request waits up to a
 * second where it goes through cURL, so this one writes to a socket and lets go.
 */
final class Loopback
{
    /** A buyer's request may be waiting: a shop that cannot reach itself this fast uses Action Scheduler. */
    private const CONNECT_SECONDS = 0.1;
    private const FAILED = 'upline_loopback_failed';
    /** So long a way that failed is not tried again. */
    private const FAILED_SECONDS = 600;
    private const VALID_SECONDS = 60;

    public function listen(callable $deliver): void
    {
        add_action('rest_api_init', Guard::action(function () use ($deliver): void {
            register_rest_route('upline/v1', '/deliver', [
                'methods' => 'POST',
                'permission_callback' => [$this, 'isOurs'],
                'callback' => static function () use ($deliver): WP_REST_Response {
                    ignore_user_abort(true);
                    Guard::action($deliver)();

                    return new WP_REST_Response(null, 204);
                },
            ]);
        }));
    }

    public function isOurs(WP_REST_Request $request): bool
    {
        $parts = explode('.', (string) $request->get_header('x-upline-loopback'), 2);

        return count($parts) === 2
            && ctype_digit($parts[0])
            && abs(time() - (int) $parts[0]) <= self::VALID_SECONDS
            && hash_equals(self::mark($parts[0]), $parts[1]);
    }

    /** @return bool whether the request was sent */
    public function kick(): bool
    {
        if (get_transient(self::FAILED) !== false) {
            return false;
        }
        $isSent = $this->send();
        if (!$isSent) {
            set_transient(self::FAILED, 1, self::FAILED_SECONDS);
        }

        return $isSent;
    }

    private function send(): bool
    {
        $url = (string) apply_filters('upline_loopback_url', rest_url('upline/v1/deliver'));
        $host = (string) wp_parse_url($url, PHP_URL_HOST);
        $isTls = wp_parse_url($url, PHP_URL_SCHEME) === 'https';
        $port = (int) (wp_parse_url($url, PHP_URL_PORT) ?? ($isTls ? 443 : 80));
        $query = wp_parse_url($url, PHP_URL_QUERY);
        $target = (string) (wp_parse_url($url, PHP_URL_PATH) ?? '/') . ($query === null ? '' : '?' . $query);
        $verify = (bool) apply_filters('https_local_ssl_verify', false, $url);
        $context = stream_context_create(['ssl' => ['verify_peer' => $verify, 'verify_peer_name' => $verify, 'peer_name' => $host]]);
        set_error_handler(static function (): bool {
            return true;
        });
        $socket = stream_socket_client(
            ($isTls ? 'tls' : 'tcp') . '://' . $host . ':' . $port,
            $code,
            $problem,
            self::CONNECT_SECONDS,
            STREAM_CLIENT_CONNECT,
            $context
        );
        restore_error_handler();
        if ($socket === false) {
            return false;
        }
        stream_set_timeout($socket, 0, (int) (self::CONNECT_SECONDS * 1000000));
        $at = (string) time();
        $named = $host . (in_array($port, [80, 443], true) ? '' : ':' . $port);
        $written = fwrite($socket, "POST $target HTTP/1.1\r\nHost: $named\r\nX-Upline-Loopback: $at." . self::mark($at)
            . "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        fclose($socket);

        return (bool) $written;
    }

    /** Whether the shop reaches itself: the same request, but waiting for its answer. */
    public function works(): bool
    {
        $at = (string) time();
        $answer = wp_remote_post((string) apply_filters('upline_loopback_url', rest_url('upline/v1/deliver')), [
            'timeout' => 5,
            'sslverify' => (bool) apply_filters('https_local_ssl_verify', false),
            'headers' => ['x-upline-loopback' => $at . '.' . self::mark($at)],
        ]);

        $works = wp_remote_retrieve_response_code($answer) === 204;
        if ($works) {
            delete_transient(self::FAILED);
        }

        return $works;
    }

    private static function mark(string $at): string
    {
        return hash_hmac('sha256', 'upline-loopback ' . $at, wp_salt('auth'));
    }
}

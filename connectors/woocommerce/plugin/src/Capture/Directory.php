<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Capture;

use Upline\WooCommerce\Connect\Hub;
use Upline\WooCommerce\Connect\Store;
use Upline\WooCommerce\Domain\ReferralCode;
use Upline\WooCommerce\Domain\SlidingWindow;
use Upline\WooCommerce\Domain\Visitor;
use Upline\WooCommerce\Guard;
use WP_REST_Request;
use WP_REST_Response;

/**
 * Whose code is it? The hub knows; the shop remembers the answer for a while. Only the checkout's script asks
 * the hub, never a request that places an order.
 */
final class Directory
{
    public const KNOWN = 'known';
    public const UNKNOWN = 'unknown';
    public const UNASKED = 'unasked';

    private const KNOWN_SECONDS = 3600;
    private const UNKNOWN_SECONDS = 300;
    private const PAUSE = 'upline_directory_pause';
    private const NO_ORDERS = 'upline_directory_no_orders';
    private const PAUSE_SECONDS = 60;

    /** @var Hub */
    private $hub;
    /** @var Store */
    private $store;

    public function __construct(Hub $hub, Store $store)
    {
        $this->hub = $hub;
        $this->store = $store;
    }

    public function listen(): void
    {
        add_action('rest_api_init', Guard::action(function (): void {
            register_rest_route('upline/v1', '/referral/(?P<code>' . ReferralCode::PATTERN . ')', [
                'methods' => 'GET',
                'permission_callback' => '__return_true',
                'callback' => [$this, 'answer'],
            ]);
        }));
    }

    /**
     * What is known without asking the hub.
     *
     * @return array{state: string, name: string}
     */
    public function remembered(string $code): array
    {
        $kept = get_transient(self::key($code));

        return is_array($kept) && isset($kept['state'], $kept['name']) ? $kept : ['state' => self::UNASKED, 'name' => ''];
    }

    /** @return array{state: string, name: string} asks the hub where necessary */
    public function lookUp(string $code): array
    {
        $known = $this->remembered($code);
        if ($known['state'] !== self::UNASKED || !$this->store->isConnected() || get_transient(self::PAUSE)) {
            return $known;
        }
        $reply = $this->hub->referral($code);
        if ($reply['status'] === 200) {
            $isActive = ($reply['json']['active'] ?? false) === true;
            $name = sanitize_text_field((string) ($reply['json']['displayName'] ?? ''));
            $known = $isActive ? ['state' => self::KNOWN, 'name' => $name] : ['state' => self::UNKNOWN, 'name' => ''];
        } elseif ($reply['status'] === 404) {
            $known = ['state' => self::UNKNOWN, 'name' => ''];
        } else {
            set_transient(self::PAUSE, 1, self::PAUSE_SECONDS);

            return $known;
        }
        set_transient(self::key($code), $known, $known['state'] === self::KNOWN ? self::KNOWN_SECONDS : self::UNKNOWN_SECONDS);

        return $known;
    }

    /** @return array{state: string, name: string} asks the hub where necessary and allowed */
    public function check(string $code): array
    {
        $known = $this->remembered($code);

        return $known['state'] === self::UNASKED && $this->mayAsk() ? $this->lookUp($code) : $known;
    }

    /**
     * Whom the hub credits with an order.
     *
     * @return array{state: string, name: string, code: string, reason: string}|null null where it cannot say now; state is
     *               "credited", "nobody", "unresolved" or "pending"
     */
    public function credited(int $orderId): ?array
    {
        if (!$this->store->mayDeliver() || get_transient(self::PAUSE) || get_transient(self::NO_ORDERS)) {
            return null;
        }
        $reply = $this->hub->credited($orderId);
        $state = $reply['json']['state'] ?? null;
        if ($reply['status'] === 200 && is_string($state)) {
            $said = static function (string $field) use ($reply): string {
                return sanitize_text_field((string) ($reply['json'][$field] ?? ''));
            };

            return ['state' => $state, 'name' => $said('displayName'), 'code' => $said('code'), 'reason' => $said('reason')];
        }
        // A hub that does not take this question yet is not asked on every screen.
        set_transient($reply['status'] === 404 ? self::NO_ORDERS : self::PAUSE, 1, $reply['status'] === 404 ? HOUR_IN_SECONDS : self::PAUSE_SECONDS);

        return null;
    }

    public function answer(WP_REST_Request $request): WP_REST_Response
    {
        $code = ReferralCode::parse((string) $request['code']);
        $known = $code === null ? ['state' => self::UNKNOWN, 'name' => ''] : $this->remembered($code);
        if ($code !== null && $known['state'] === self::UNASKED) {
            if (!$this->mayAsk()) {
                return new WP_REST_Response(['state' => self::UNASKED, 'name' => ''], 429);
            }
            $known = $this->lookUp($code);
        }
        $response = new WP_REST_Response(['code' => $code, 'state' => $known['state'], 'name' => $known['name']]);
        $response->header('Cache-Control', 'no-store');

        return $response;
    }

    /** Codes are not to be found by trying. */
    private function mayAsk(): bool
    {
        $told = (string) apply_filters('upline_client_address', '');
        $kept = [];
        foreach (Visitor::limits($_SERVER, $told) as $whom => $limit) {
            $key = 'upline_asks_' . substr(wp_hash((string) $whom), 0, 16);
            $times = get_transient($key);
            $taken = SlidingWindow::take(is_array($times) ? $times : [], time(), $limit);
            if ($taken === null) {
                return false;
            }
            $kept[$key] = $taken;
        }
        foreach ($kept as $key => $taken) {
            set_transient($key, $taken, SlidingWindow::SECONDS);
        }

        return true;
    }

    private static function key(string $code): string
    {
        return 'upline_ref_' . md5($code);
    }
}

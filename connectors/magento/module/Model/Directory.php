<?php

declare(strict_types=1);

namespace Upline\Connector\Model;

use Magento\Framework\App\CacheInterface;
use Upline\Connector\Domain\SlidingWindow;
use Upline\Connector\Domain\Visitor;

/**
 * Whose code is it? The hub knows; the shop remembers the answer for a while. Only the checkout's script asks the hub, never a
 * request that places an order.
 */
class Directory
{
    public const KNOWN = 'known';
    public const UNKNOWN = 'unknown';
    public const UNASKED = 'unasked';

    private const KNOWN_SECONDS = 3600;
    private const UNKNOWN_SECONDS = 300;
    private const PAUSE = 'upline_directory_pause';
    private const PAUSE_SECONDS = 60;

    public function __construct(
        private readonly CacheInterface $cache,
        private readonly Hub $hub,
        private readonly Store $store
    ) {
    }

    /**
     * What is known without asking the hub.
     *
     * @return array{state: string, name: string}
     */
    public function remembered(string $code): array
    {
        $kept = json_decode((string) $this->cache->load(self::key($code)), true);

        return isset($kept['state'], $kept['name']) ? $kept : ['state' => self::UNASKED, 'name' => ''];
    }

    /** @return array{state: string, name: string} asks the hub where necessary */
    private function lookUp(string $code): array
    {
        $known = ['state' => self::UNASKED, 'name' => ''];
        if (!$this->store->mayDeliver() || $this->cache->load(self::PAUSE)) {
            return $known;
        }
        $reply = $this->hub->referral($code);
        $isActive = $reply->status === 200 && ($reply->json['active'] ?? false) === true;
        if ($isActive) {
            $known = ['state' => self::KNOWN, 'name' => trim((string) ($reply->json['displayName'] ?? ''))];
        } elseif ($reply->status === 200 || ($reply->status === 404 && $reply->code !== null)) {
            $known = ['state' => self::UNKNOWN, 'name' => ''];
        } else {
            $this->cache->save('1', self::PAUSE, [], self::PAUSE_SECONDS);

            return $known;
        }
        $seconds = $isActive ? self::KNOWN_SECONDS : self::UNKNOWN_SECONDS;
        $this->cache->save((string) json_encode($known, JSON_UNESCAPED_UNICODE), self::key($code), [], $seconds);

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
        if (!$this->store->mayDeliver() || $this->cache->load(self::PAUSE)) {
            return null;
        }
        $reply = $this->hub->credited($orderId);
        $state = $reply->json['state'] ?? null;
        if ($reply->status !== 200 || !is_string($state)) {
            $this->cache->save('1', self::PAUSE, [], self::PAUSE_SECONDS);

            return null;
        }
        $said = static fn (string $field): string => trim((string) ($reply->json[$field] ?? ''));

        return ['state' => $state, 'name' => $said('displayName'), 'code' => $said('code'), 'reason' => $said('reason')];
    }

    /** Codes are not to be found by trying. */
    private function mayAsk(): bool
    {
        $kept = [];
        // phpcs:ignore Magento2.Security.Superglobal
        foreach (Visitor::limits($_SERVER, '') as $whom => $limit) {
            $key = 'upline_asks_' . substr(hash('sha256', (string) $whom), 0, 16);
            $times = json_decode((string) $this->cache->load($key), true);
            $taken = SlidingWindow::take(is_array($times) ? $times : [], time(), $limit);
            if ($taken === null) {
                return false;
            }
            $kept[$key] = $taken;
        }
        foreach ($kept as $key => $taken) {
            $this->cache->save((string) json_encode($taken), $key, [], SlidingWindow::SECONDS);
        }

        return true;
    }

    private static function key(string $code): string
    {
        return 'upline_ref_' . hash('sha256', $code);
    }
}

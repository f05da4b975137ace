<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Connect;

use Upline\WooCommerce\Domain\ConnectionCode;
use Upline\WooCommerce\Plugin;
use Upline\WooCommerce\Sync\Health;
use Upline\WooCommerce\Sync\Outbox;
use Upline\WooCommerce\Sync\Schedule;

/** Makes and ends the bond between this shop and a hub. */
final class Handshake
{
    /** @var Store */
    private $store;
    /** @var Hub */
    private $hub;
    /** @var Health */
    private $health;
    /** @var Outbox */
    private $outbox;

    public function __construct(Store $store, Hub $hub, Health $health, Outbox $outbox)
    {
        $this->store = $store;
        $this->hub = $hub;
        $this->health = $health;
        $this->outbox = $outbox;
    }

    /**
     * Exchanges a one-time code for keys.
     *
     * @param string $typedHub needed only where the code does not hold the hub's address
     * @return string what went wrong, for people; empty where the shop is connected
     */
    public function connect(string $code, string $typedHub): string
    {
        $hub = ConnectionCode::origin($code) ?? ConnectionCode::hubOrigin($typedHub);
        if ($hub === null) {
            return __(
                'This code does not name its hub. Copy the whole code from the hub, or fill in the hub address too.',
                'upline-woocommerce'
            );
        }
        $answer = $this->hub->connect($hub, trim($code), [
            'plugin' => Plugin::VERSION,
            'woocommerce' => WC_VERSION,
            'wordpress' => get_bloginfo('version'),
            'php' => PHP_VERSION,
        ]);
        if ($answer['status'] === 0) {
            /* translators: 1: address of the hub, 2: technical reason */
            return sprintf(__('The hub at %1$s could not be reached: %2$s', 'upline-woocommerce'), $hub, $answer['problem']);
        }
        if ($answer['status'] !== 200) {
            return $answer['problem'];
        }
        $granted = self::granted($answer['json']);
        if ($granted === null) {
            return __(
                'The hub answered in a form this version of the plugin does not understand. Update the plugin.',
                'upline-woocommerce'
            );
        }
        $this->store->connect($hub, $granted);
        $this->health->clear();
        // What an earlier connection refused may be welcome now.
        $this->outbox->retry(null, time());

        return '';
    }

    /** @return string what the hub did not like about it; the shop forgets the keys in any case */
    public function disconnect(): string
    {
        $answer = $this->hub->disconnect();
        $this->store->forget();
        $this->health->clear();
        Schedule::cancel();
        $isGone = $answer['status'] === 401 || $answer['status'] === 404;

        return $isGone ? '' : $answer['problem'];
    }

    /**
     * @param array<string, mixed> $json
     * @return array{store: string, ingestUrl: string, secret: string, token: string, company: string}|null
     */
    private static function granted(array $json): ?array
    {
        $granted = [];
        foreach (['store', 'ingestUrl', 'secret', 'token', 'company'] as $name) {
            if (!is_string($json[$name] ?? null) || $json[$name] === '') {
                return null;
            }
            $granted[$name] = $json[$name];
        }
        $isUrl = ConnectionCode::hubOrigin($granted['ingestUrl']) !== null;

        return $isUrl && strncmp($granted['secret'], 'whsec_', 6) === 0 ? $granted : null;
    }
}

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
     * @param bool   $hasMoved whether this is the shop that was connected at another address before
     * @return string what went wrong, for people; empty where the shop is connected
     */
    public function connect(string $code, string $typedHub, bool $hasMoved): string
    {
        $hub = ConnectionCode::origin($code) ?? ConnectionCode::hubOrigin($typedHub);
        if ($hub === null) {
            if (ConnectionCode::whyNot($typedHub !== '' ? $typedHub : (string) ConnectionCode::named($code)) === 'plain') {
                return self::whyNotPlain();
            }

            return __(
                'This code does not name its hub. Copy the whole code from the hub, or fill in the hub address too.',
                'upline-woocommerce'
            );
        }
        $answer = $this->hub->connect($hub, trim($code), $hasMoved, [
            'plugin' => Plugin::VERSION,
            'woocommerce' => WC_VERSION,
            'wordpress' => get_bloginfo('version'),
            'php' => PHP_VERSION,
        ]);
        if ($answer['status'] === 0) {
            /* translators: 1: address of the hub, 2: technical reason */
            return sprintf(__('The hub at %1$s could not be reached. %2$s', 'upline-woocommerce'), $hub, $answer['problem']);
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
        if ($this->store->isConnected() && !$this->store->isHere() && !$hasMoved) {
            // A copy becomes a shop of its own: what it has noted of the other's orders is not its own.
            $this->outbox->clear();
        }
        $this->store->connect($hub, $granted);
        $this->store->learnEvidenceOrder($answer['json']['evidenceOrder'] ?? null);
        $this->health->clear();
        // What an earlier connection refused may be welcome now, and what waited for new keys need not wait longer.
        $this->outbox->retry(null, time());
        $this->outbox->hurryAll(time());

        return '';
    }

    public static function whyNotPlain(): string
    {
        return __('Orders and keys are only sent over https://, so that nobody reads them on the way.', 'upline-woocommerce');
    }

    /**
     * This is the shop itself, at a new address.
     *
     * @return string why the hub did not agree, for people; empty where it did
     */
    public function moved(): string
    {
        $answer = $this->hub->moved();
        if ($answer['status'] === 200) {
            $ingestUrl = (string) ($answer['json']['ingestUrl'] ?? '');
            $this->store->settleHere(ConnectionCode::hubOrigin($ingestUrl) === null ? '' : $ingestUrl);
            $this->health->clear();
            $this->outbox->hurryAll(time());

            return '';
        }
        if ($answer['isJson'] && in_array($answer['status'], [404, 405], true)) {
            return __('This hub is too old to be told of a move. It has to be updated first; until then nothing is sent.', 'upline-woocommerce');
        }

        return $answer['problem'];
    }

    /**
     * Forgets the keys here, and ends the bond in the hub. A copy only forgets: the bond is the live shop's.
     *
     * @return array{isTold: bool, text: string} whether the hub's side is settled, and what happened, for people
     */
    public function disconnect(): array
    {
        $isCopy = !$this->store->isHere();
        $answer = $isCopy ? null : $this->hub->disconnect();
        $this->store->forget();
        $this->health->clear();
        Schedule::cancel();
        if ($answer === null) {
            $text = __('This copy has forgotten the keys. The shop it was copied from stays connected.', 'upline-woocommerce');
        } elseif ($answer['status'] === 200) {
            $text = __('The shop is disconnected. Its keys are deleted here and in the hub.', 'upline-woocommerce');
        } elseif ($answer['status'] === 401 && $answer['code'] !== null) {
            $text = __('The keys are deleted here. The hub had not accepted them any more.', 'upline-woocommerce');
        } else {
            /* translators: %s: technical reason */
            $told = __('The keys are deleted here, but the hub could not be told: %s Tell whoever runs it.', 'upline-woocommerce');

            return ['isTold' => false, 'text' => sprintf($told, $answer['problem'])];
        }

        return ['isTold' => true, 'text' => $text];
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

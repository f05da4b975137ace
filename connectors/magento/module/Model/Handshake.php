<?php

declare(strict_types=1);

namespace Upline\Connector\Model;

use Magento\Framework\App\ProductMetadataInterface;
use Upline\Connector\Domain\ConnectionCode;

/** Makes and ends the bond between this shop and a hub. */
class Handshake
{
    public function __construct(
        private readonly Store $store,
        private readonly Hub $hub,
        private readonly Health $health,
        private readonly Outbox $outbox,
        private readonly ProductMetadataInterface $magento
    ) {
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
            $named = $typedHub !== '' ? $typedHub : (string) ConnectionCode::named($code);
            if (ConnectionCode::whyNot($named) === 'plain') {
                return (string) __('Orders and keys are only sent over https://, so that nobody reads them on the way.');
            }

            return (string) __('This code does not name its hub. Copy the whole code from the hub, or fill in the hub address too.');
        }
        if ($this->store->address() === '') {
            return (string) __('This shop has no address of its own: set Stores > Configuration > Web > Base URLs first.');
        }
        $answer = $this->hub->connect($hub, trim($code), $hasMoved, [
            'module' => Version::NUMBER,
            'magento' => $this->magento->getEdition() . ' ' . $this->magento->getVersion(),
            'php' => PHP_VERSION,
        ]);
        if ($answer->status === 0) {
            return (string) __('The hub at %1 could not be reached. %2', $hub, $answer->problem);
        }
        if ($answer->status !== 200) {
            return $answer->problem;
        }
        $granted = self::granted($answer->json);
        if ($granted === null) {
            return (string) __('The hub answered in a form this version of the module does not understand. Update the module.');
        }
        if ($this->store->isConnected() && !$this->store->isHere() && !$hasMoved) {
            // A copy becomes a shop of its own: what it has noted of the other's orders is not its own.
            $this->outbox->clear();
        }
        $this->store->connect($hub, $granted);
        $this->store->learnEvidenceOrder($answer->json['evidenceOrder'] ?? null);
        $this->health->clear();
        // What an earlier connection refused may be welcome now, and what waited for new keys need not wait longer.
        $this->outbox->retry(null, time());
        $this->outbox->hurryAll(time());

        return '';
    }

    /**
     * This is the shop itself, at a new address.
     *
     * @return string why the hub did not agree, for people; empty where it did
     */
    public function moved(): string
    {
        $answer = $this->hub->moved();
        if ($answer->status === 200) {
            $ingestUrl = (string) ($answer->json['ingestUrl'] ?? '');
            $this->store->settleHere(ConnectionCode::hubOrigin($ingestUrl) === null ? '' : $ingestUrl);
            $this->health->clear();
            $this->outbox->hurryAll(time());

            return '';
        }

        return $answer->problem;
    }

    /** This is a copy: it notes nothing, sends nothing, and forgets what it has noted. */
    public function silence(): void
    {
        $this->store->silence();
        $this->outbox->clear();
    }

    /**
     * Forgets the keys here, and ends the bond in the hub. A copy only forgets: the bond is the live shop's.
     *
     * @return array{isTold: bool, text: string} whether the hub's side is settled, and what happened, for people
     */
    public function disconnect(): array
    {
        $answer = $this->store->isHere() ? $this->hub->disconnect() : null;
        $this->store->forget();
        $this->health->clear();
        if ($answer === null) {
            return ['isTold' => true, 'text' => (string) __('This copy has forgotten the keys. The shop it was copied from stays connected.')];
        }
        if ($answer->status === 200) {
            return ['isTold' => true, 'text' => (string) __('The shop is disconnected. Its keys are deleted here and in the hub.')];
        }
        if ($answer->status === 401 && $answer->code !== null) {
            return ['isTold' => true, 'text' => (string) __('The keys are deleted here. The hub had not accepted them any more.')];
        }
        $text = __('The keys are deleted here, but the hub could not be told: %1 Tell whoever runs it.', $answer->problem);

        return ['isTold' => false, 'text' => (string) $text];
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

        return $isUrl && str_starts_with($granted['secret'], 'whsec_') ? $granted : null;
    }
}

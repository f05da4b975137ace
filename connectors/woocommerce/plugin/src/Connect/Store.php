<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Connect;

use Upline\WooCommerce\Domain\Address;
use Upline\WooCommerce\Domain\Candidates;
use Upline\WooCommerce\Domain\Sealed;

/**
 * This shop as the hub knows it. The secrets are apart from the rest, are not loaded on every page, and are
 * encrypted where the constant UPLINE_KEY is defined.
 */
final class Store
{
    public const OPTION = 'upline_store';
    public const SECRETS = 'upline_secrets';
    /** The store this shop was before it was disconnected; the hub can then keep it where the shop comes back. */
    public const BEFORE = 'upline_store_before';

    public function isConnected(): bool
    {
        return $this->field('ingestUrl') !== '';
    }

    /** This shop's own address, as its database has it: filters of other plugins change home_url() from page to page. */
    public static function address(): string
    {
        return untrailingslashit((string) get_option('home'));
    }

    /** The address under which the hub knows this shop. */
    public function knownAddress(): string
    {
        return $this->field('url');
    }

    /**
     * Whether this is the shop that was connected, and not a copy of it at another address: a copy has the same keys
     * and the same order numbers, and would write its test orders into the live shop's books.
     */
    public function isHere(): bool
    {
        $known = $this->knownAddress();
        $isKnown = $known === '' || Address::isSame($known, self::address());

        return $isKnown && !Address::isSame($this->field('refusedAt'), self::address());
    }

    /** Somebody has said that the shop at this address is a copy. */
    public function isSilent(): bool
    {
        return !$this->isHere() && Address::isSame($this->field('silentAt'), self::address());
    }

    /** Whether changes are noted: not in a copy that keeps silent. */
    public function isListening(): bool
    {
        return $this->isConnected() && !$this->isSilent();
    }

    /** Whether anything may go to the hub in this shop's name. */
    public function mayDeliver(): bool
    {
        return $this->isConnected() && $this->isHere();
    }

    public function silence(): void
    {
        $this->change(['silentAt' => self::address()]);
    }

    /** The hub knows this shop under another address than this one. */
    public function refuseHere(string $known): void
    {
        $this->change(array_merge(['refusedAt' => self::address()], $known === '' ? [] : ['url' => $known]));
    }

    /** The hub has accepted this address. */
    public function settleHere(string $ingestUrl): void
    {
        $this->change(array_merge(
            ['url' => self::address(), 'silentAt' => '', 'refusedAt' => ''],
            $ingestUrl === '' ? [] : ['ingestUrl' => $ingestUrl]
        ));
    }

    /** @return array{hub: string, store: string, company: string, url: string}|null what this shop was before */
    public function before(): ?array
    {
        $kept = get_option(self::BEFORE, null);

        return is_array($kept) && isset($kept['hub'], $kept['store'], $kept['company'], $kept['url']) ? $kept : null;
    }

    /** Where this shop, or the one it was copied from, ran when it was last connected, if that was elsewhere; empty otherwise. */
    public function elsewhereBefore(): string
    {
        $before = $this->before();

        return $before === null || Address::isSame($before['url'], self::address()) ? '' : $before['url'];
    }

    /** The hub has made a new store of a shop it knew: orders from before the connection are in its books already. */
    public function isNewToItsHub(): bool
    {
        $before = $this->before();

        return $before !== null
            && $before['hub'] === $this->hub()
            && $before['company'] === $this->company()
            && $before['store'] !== $this->storeId();
    }

    public function hub(): string
    {
        return $this->field('hub');
    }

    public function ingestUrl(): string
    {
        return $this->field('ingestUrl');
    }

    public function company(): string
    {
        return $this->field('company');
    }

    public function storeId(): string
    {
        return $this->field('store');
    }

    public function connectedAt(): int
    {
        return (int) $this->field('connectedAt');
    }

    /**
     * What counts first where several things name a distributor, in the hub's words; the hub's default until it has said.
     *
     * @return array<int, string>
     */
    public function evidenceOrder(): array
    {
        $stored = get_option(self::OPTION, []);
        $order = is_array($stored) ? ($stored['evidenceOrder'] ?? null) : null;

        return is_array($order) && $order !== [] ? array_values(array_filter($order, 'is_string')) : Candidates::DEFAULT_ORDER;
    }

    /** @param mixed $order as the hub has answered; anything else than a list of its words is left alone */
    public function learnEvidenceOrder($order): void
    {
        $known = is_array($order) ? array_values(array_intersect(array_filter($order, 'is_string'), Candidates::DEFAULT_ORDER)) : [];
        if ($known !== [] && $known !== $this->evidenceOrder()) {
            $this->change(['evidenceOrder' => $known]);
        }
    }

    /** Signs deliveries; null where it cannot be read. */
    public function secret(): ?string
    {
        return $this->secrets()['secret'] ?? null;
    }

    /** Opens the hub's questions about this store; null where it cannot be read. */
    public function token(): ?string
    {
        return $this->secrets()['token'] ?? null;
    }

    public function secretsAreSealed(): bool
    {
        return Sealed::isSealed((string) get_option(self::SECRETS, ''));
    }

    /** @param array{store: string, ingestUrl: string, secret: string, token: string, company: string} $granted */
    public function connect(string $hub, array $granted): void
    {
        $this->remember();
        $secrets = (string) wp_json_encode(['secret' => $granted['secret'], 'token' => $granted['token']]);
        $key = self::key();
        update_option(self::SECRETS, $key === null ? $secrets : Sealed::seal($secrets, $key), false);
        update_option(self::OPTION, [
            'hub' => $hub,
            'store' => $granted['store'],
            'ingestUrl' => $granted['ingestUrl'],
            'company' => $granted['company'],
            'connectedAt' => time(),
            'url' => self::address(),
        ], true);
    }

    /** Keeps which store this was, without its keys. */
    public function remember(): void
    {
        if ($this->isConnected()) {
            $before = ['hub' => $this->hub(), 'store' => $this->storeId(), 'company' => $this->company(), 'url' => $this->knownAddress()];
            update_option(self::BEFORE, $before, false);
        }
    }

    public function forget(): void
    {
        $this->remember();
        delete_option(self::OPTION);
        delete_option(self::SECRETS);
    }

    /** Encrypts what was stored before UPLINE_KEY was defined. */
    public function sealSecrets(): void
    {
        $stored = (string) get_option(self::SECRETS, '');
        $key = self::key();
        if ($key !== null && $stored !== '' && !Sealed::isSealed($stored)) {
            update_option(self::SECRETS, Sealed::seal($stored, $key), false);
        }
    }

    /** @return array<string, string> */
    private function secrets(): array
    {
        $stored = (string) get_option(self::SECRETS, '');
        if (Sealed::isSealed($stored)) {
            $key = self::key();
            $stored = $key === null ? '' : (string) Sealed::open($stored, $key);
        }
        $secrets = json_decode($stored, true);

        return is_array($secrets) ? $secrets : [];
    }

    /** @param array<string, string|array<int, string>> $fields */
    private function change(array $fields): void
    {
        $stored = get_option(self::OPTION, []);
        if (is_array($stored) && $stored !== []) {
            update_option(self::OPTION, array_merge($stored, $fields), true);
        }
    }

    private function field(string $name): string
    {
        $stored = get_option(self::OPTION, []);

        return is_array($stored) && isset($stored[$name]) ? (string) $stored[$name] : '';
    }

    private static function key(): ?string
    {
        return defined('UPLINE_KEY') && is_string(UPLINE_KEY) && UPLINE_KEY !== '' ? UPLINE_KEY : null;
    }
}

<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Connect;

use Upline\WooCommerce\Domain\Sealed;

/**
 * This shop as the hub knows it. The secrets are apart from the rest, are not loaded on every page, and are
 * encrypted where the constant UPLINE_KEY is defined.
 */
final class Store
{
    public const OPTION = 'upline_store';
    public const SECRETS = 'upline_secrets';

    public function isConnected(): bool
    {
        return $this->field('ingestUrl') !== '';
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
        $secrets = (string) wp_json_encode(['secret' => $granted['secret'], 'token' => $granted['token']]);
        $key = self::key();
        update_option(self::SECRETS, $key === null ? $secrets : Sealed::seal($secrets, $key), false);
        update_option(self::OPTION, [
            'hub' => $hub,
            'store' => $granted['store'],
            'ingestUrl' => $granted['ingestUrl'],
            'company' => $granted['company'],
            'connectedAt' => time(),
        ], true);
    }

    public function forget(): void
    {
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

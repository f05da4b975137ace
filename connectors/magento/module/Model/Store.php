<?php

declare(strict_types=1);

namespace Upline\Connector\Model;

use Magento\Framework\App\Config\ScopeConfigInterface;
use Magento\Framework\Encryption\EncryptorInterface;
use Magento\Framework\FlagManager;
use Upline\Connector\Domain\Address;
use Upline\Connector\Domain\Candidates;

/**
 * This shop as the hub knows it. Kept in Magento's flags, which no configuration cache hides and no deployment overwrites; the
 * secrets apart from the rest, encrypted with the shop's own key.
 */
class Store
{
    private const FLAG = 'upline_store';
    private const SECRETS = 'upline_secrets';
    /** The store this shop was before it was disconnected; the hub can then keep it where the shop comes back. */
    private const BEFORE = 'upline_store_before';
    private const BASE_URL = 'web/unsecure/base_url';

    /** @var array<string, mixed>|null */
    private ?array $fields = null;

    public function __construct(
        private readonly FlagManager $flags,
        private readonly EncryptorInterface $encryptor,
        private readonly ScopeConfigInterface $config
    ) {
    }

    /** Reads anew what another process may have changed. */
    public function refresh(): void
    {
        $this->fields = null;
    }

    public function isConnected(): bool
    {
        return $this->field('ingestUrl') !== '';
    }

    /** This shop's own address, as its configuration has it for all its websites. */
    public function address(): string
    {
        $url = rtrim((string) $this->config->getValue(self::BASE_URL), '/');

        // A shop that takes its address from each request: it cannot be told from a copy of itself.
        return str_contains($url, '{{') ? $this->knownAddress() : $url;
    }

    /** The address under which the hub knows this shop. */
    public function knownAddress(): string
    {
        return $this->field('url');
    }

    /**
     * Whether this is the shop that was connected, and not a copy of it at another address: a copy has the same keys and the
     * same order numbers, and would write its test orders into the live shop's books.
     */
    public function isHere(): bool
    {
        $known = $this->knownAddress();
        $isKnown = $known === '' || Address::isSame($known, $this->address());

        return $isKnown && !Address::isSame($this->field('refusedAt'), $this->address());
    }

    /** Somebody has said that the shop at this address is a copy. */
    public function isSilent(): bool
    {
        return !$this->isHere() && Address::isSame($this->field('silentAt'), $this->address());
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
        $this->change(['silentAt' => $this->address()]);
    }

    /** The hub knows this shop under another address than this one. */
    public function refuseHere(string $known): void
    {
        $this->change(['refusedAt' => $this->address()] + ($known === '' ? [] : ['url' => $known]));
    }

    /** The hub has accepted this address. */
    public function settleHere(string $ingestUrl): void
    {
        $this->change(
            ['url' => $this->address(), 'silentAt' => '', 'refusedAt' => '']
            + ($ingestUrl === '' ? [] : ['ingestUrl' => $ingestUrl])
        );
    }

    /** @return array{hub: string, store: string, company: string, url: string}|null what this shop was before */
    public function before(): ?array
    {
        $kept = $this->flags->getFlagData(self::BEFORE);

        return is_array($kept) && isset($kept['hub'], $kept['store'], $kept['company'], $kept['url']) ? $kept : null;
    }

    /** Where this shop, or the one it was copied from, ran when it was last connected, if that was elsewhere; empty otherwise. */
    public function elsewhereBefore(): string
    {
        $before = $this->before();

        return $before === null || Address::isSame($before['url'], $this->address()) ? '' : $before['url'];
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
        $order = $this->fields()['evidenceOrder'] ?? null;

        return is_array($order) && $order !== [] ? array_values(array_filter($order, 'is_string')) : Candidates::DEFAULT_ORDER;
    }

    /** @param mixed $order as the hub has answered; anything else than a list of its words is left alone */
    public function learnEvidenceOrder(mixed $order): void
    {
        $known = is_array($order)
            ? array_values(array_intersect(array_filter($order, 'is_string'), Candidates::DEFAULT_ORDER))
            : [];
        if ($known !== [] && $known !== $this->evidenceOrder()) {
            $this->change(['evidenceOrder' => $known]);
        }
    }

    /** Signs deliveries; null where it cannot be read. */
    public function secret(): ?string
    {
        return $this->secretNamed('secret');
    }

    /** Opens the hub's questions about this store; null where it cannot be read. */
    public function token(): ?string
    {
        return $this->secretNamed('token');
    }

    /** @param array{store: string, ingestUrl: string, secret: string, token: string, company: string} $granted */
    public function connect(string $hub, array $granted): void
    {
        $this->remember();
        $this->flags->saveFlag(self::SECRETS, [
            'secret' => $this->encryptor->encrypt($granted['secret']),
            'token' => $this->encryptor->encrypt($granted['token']),
        ]);
        $this->fields = [
            'hub' => $hub,
            'store' => $granted['store'],
            'ingestUrl' => $granted['ingestUrl'],
            'company' => $granted['company'],
            'connectedAt' => time(),
            'url' => '',
        ];
        $this->fields['url'] = $this->address();
        $this->flags->saveFlag(self::FLAG, $this->fields);
    }

    /** Keeps which store this was, without its keys. */
    private function remember(): void
    {
        if ($this->isConnected()) {
            $this->flags->saveFlag(self::BEFORE, [
                'hub' => $this->hub(),
                'store' => $this->storeId(),
                'company' => $this->company(),
                'url' => $this->knownAddress(),
            ]);
        }
    }

    public function forget(): void
    {
        $this->remember();
        $this->flags->deleteFlag(self::FLAG);
        $this->flags->deleteFlag(self::SECRETS);
        $this->fields = [];
    }

    private function secretNamed(string $name): ?string
    {
        $sealed = $this->flags->getFlagData(self::SECRETS);
        $text = is_array($sealed) && is_string($sealed[$name] ?? null) ? $this->encryptor->decrypt($sealed[$name]) : '';

        return $text === '' ? null : $text;
    }

    /** @param array<string, mixed> $fields */
    private function change(array $fields): void
    {
        $this->refresh();
        if ($this->fields() !== []) {
            $this->fields = array_merge($this->fields(), $fields);
            $this->flags->saveFlag(self::FLAG, $this->fields);
        }
    }

    private function field(string $name): string
    {
        return (string) ($this->fields()[$name] ?? '');
    }

    /** @return array<string, mixed> */
    private function fields(): array
    {
        if ($this->fields === null) {
            $stored = $this->flags->getFlagData(self::FLAG);
            $this->fields = is_array($stored) ? $stored : [];
        }

        return $this->fields;
    }
}

<?php

declare(strict_types=1);

namespace Upline\Connector\Model;

use Magento\Framework\App\Config\ScopeConfigInterface;
use Magento\Store\Model\ScopeInterface;
use Upline\Connector\Rules\LinkWords;

/** What the shop's owner can choose under Stores > Configuration > Sales > Upline; each store view may differ. */
class Settings
{
    private const PATH = 'upline/referrals/';

    public function __construct(private readonly ScopeConfigInterface $config)
    {
    }

    /** The query parameter of referral links. */
    public function parameter(): string
    {
        $word = $this->value('parameter');

        return LinkWords::whyNoParameter($word) === '' ? $word : 'ref';
    }

    /** The first path part of /r/CODE links; empty where the shop has none. */
    public function prefix(): string
    {
        $word = $this->value('prefix');

        return LinkWords::whyNoPrefix($word) === '' ? $word : '';
    }

    public function windowSeconds(): int
    {
        return 86400 * min(max((int) $this->value('window_days'), 1), 365);
    }

    /** "first" or "last": which referral link counts where a visitor came by several. */
    public function touch(): string
    {
        return $this->value('touch') === 'first' ? 'first' : 'last';
    }

    /** "off", "optional" or "required". */
    public function field(): string
    {
        $field = $this->value('field');

        return in_array($field, ['off', 'required'], true) ? $field : 'optional';
    }

    public function showsBuyer(): bool
    {
        return $this->value('show_buyer') === '1';
    }

    private function value(string $name): string
    {
        return trim((string) $this->config->getValue(self::PATH . $name, ScopeInterface::SCOPE_STORE));
    }
}

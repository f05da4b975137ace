<?php

declare(strict_types=1);

namespace Upline\Connector\Model;

use Magento\Cookie\Helper\Cookie as Restriction;
use Magento\Framework\App\Request\Http as Request;
use Magento\Framework\Stdlib\Cookie\CookieMetadataFactory;
use Magento\Framework\Stdlib\CookieManagerInterface;
use Upline\Connector\Domain\Touches;

/**
 * The visitor's cookie. The shop's answer sets it, so that browsers keep it for as long as the shop says; no script reads it.
 */
class ReferralCookie
{
    public const NAME = 'upline_ref';

    public function __construct(
        private readonly CookieManagerInterface $cookies,
        private readonly CookieMetadataFactory $metadata,
        private readonly Restriction $restriction,
        private readonly Request $request,
        private readonly Settings $settings
    ) {
    }

    /** Whether the visitor lets us remember, after Magento's cookie restriction mode. */
    public function isAllowed(): bool
    {
        return !$this->restriction->isUserNotAllowSaveCookie();
    }

    /** What the visitor's links say; nothing without consent. */
    public function touches(): Touches
    {
        return $this->decode($this->raw());
    }

    /** The cookie as it is; empty without consent. */
    public function raw(): string
    {
        $value = $this->cookies->getCookie(self::NAME, '');

        return is_string($value) && $value !== '' && strlen($value) <= 1000 && $this->isAllowed() ? $value : '';
    }

    public function decode(string $cookie): Touches
    {
        return Touches::decode($cookie, time(), $this->settings->windowSeconds());
    }

    public function remember(string $code, string $path, string $via): void
    {
        if (!$this->isAllowed()) {
            return;
        }
        $value = $this->touches()->add($code, time(), $path, $via)->encode();
        $this->cookies->setPublicCookie(
            self::NAME,
            $value,
            $this->metadata->createPublicCookieMetadata()
                ->setDuration($this->settings->windowSeconds())
                ->setPath('/')
                ->setHttpOnly(true)
                ->setSecure($this->request->isSecure())
                ->setSameSite('Lax')
        );
    }
}

<?php

declare(strict_types=1);

namespace Upline\Connector\Block;

use Magento\Cookie\Helper\Cookie as Restriction;
use Magento\Framework\View\Element\Template;
use Magento\Framework\View\Element\Template\Context;
use Upline\Connector\Model\Settings;

/** The storefront script: a plain file of the shop's own, deferred, that needs no RequireJS and no inline code. */
class Storefront extends Template
{
    /** @param array<string, mixed> $data */
    public function __construct(
        Context $context,
        private readonly Settings $settings,
        private readonly Restriction $restriction,
        array $data = []
    ) {
        parent::__construct($context, $data);
    }

    /** @return array<string, string> the script's attributes */
    public function attributes(): array
    {
        return [
            'src' => $this->getViewFileUrl('Upline_Connector::js/storefront.js'),
            'data-parameter' => $this->settings->parameter(),
            'data-prefix' => $this->settings->prefix(),
            // phpcs:ignore Magento2.Functions.DiscouragedFunction
            'data-home' => (string) (parse_url($this->getBaseUrl(), PHP_URL_PATH) ?: '/'),
            'data-visit' => $this->getUrl('upline/visit/index'),
            'data-consent' => $this->restriction->isCookieRestrictionModeEnabled() ? 'ask' : 'none',
            'data-website' => (string) $this->_storeManager->getStore()->getWebsiteId(),
        ];
    }
}

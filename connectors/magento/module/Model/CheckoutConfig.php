<?php

declare(strict_types=1);

namespace Upline\Connector\Model;

use Magento\Checkout\Model\ConfigProviderInterface;
use Magento\Checkout\Model\Session;
use Magento\Framework\UrlInterface;
use Upline\Connector\Rules\Attribution;

/** What the checkout's field begins with. */
class CheckoutConfig implements ConfigProviderInterface
{
    public function __construct(
        private readonly Session $session,
        private readonly Evidence $evidence,
        private readonly Settings $settings,
        private readonly UrlInterface $urls
    ) {
    }

    /** @return array<string, array<string, string>> */
    public function getConfig(): array
    {
        $quote = $this->session->getQuote();

        return ['upline' => [
            'field' => $this->settings->field(),
            'code' => (string) (Attribution::typed($quote->getData(Attribution::TYPED)) ?? $this->evidence->linkedCode($quote)),
            'lookup' => $this->urls->getUrl('upline/referral/index'),
        ]];
    }
}
